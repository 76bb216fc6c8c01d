"""Objects, as boto3 sends them: small ones at once, large ones in parts."""

import os
import tempfile
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import lab

s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}))


def bucket():
    name = lab.name("boto3")
    s3.create_bucket(Bucket=name)
    return name


class Objects(unittest.TestCase):
    def test_upload_file_in_parts(self):
        name, data = bucket(), os.urandom(20 << 20)
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "large")
            with open(path, "wb") as file:
                file.write(data)
            s3.upload_file(path, name, "large", ExtraArgs={"Metadata": {"colour": "red"}})
            head = s3.head_object(Bucket=name, Key="large", ChecksumMode="ENABLED")
            self.assertTrue(head["ETag"].endswith('-3"'), head["ETag"])
            self.assertEqual(head["Metadata"], {"colour": "red"})
            s3.download_file(name, "large", path + ".back")
            with open(path + ".back", "rb") as file:
                self.assertEqual(file.read(), data)
        s3.copy({"Bucket": name, "Key": "large"}, name, "copy")
        self.assertEqual(s3.head_object(Bucket=name, Key="copy")["ContentLength"], len(data))
        part = s3.get_object(Bucket=name, Key="large", Range="bytes=8388600-8388615")
        self.assertEqual(part["Body"].read(), data[8388600:8388616])

    def test_put_and_list(self):
        name = bucket()
        for i in range(5):
            s3.put_object(Bucket=name, Key=f"k/{i}", Body=b"x" * i, Tagging="a=b")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=name, PaginationConfig={"PageSize": 2})
        self.assertEqual([o["Size"] for page in pages for o in page["Contents"]], [0, 1, 2, 3, 4])
        self.assertEqual(s3.get_object_tagging(Bucket=name, Key="k/1")["TagSet"], [{"Key": "a", "Value": "b"}])
        with self.assertRaises(ClientError) as refused:
            s3.put_object(Bucket=name, Key="k/1", Body=b"", IfNoneMatch="*")
        self.assertEqual(refused.exception.response["Error"]["Code"], "PreconditionFailed")
        boto3.resource("s3", config=Config(s3={"addressing_style": "path"})).Bucket(name).objects.all().delete()
        s3.delete_bucket(Bucket=name)

    def test_delete_all_versions(self):
        name = bucket()
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        for _ in range(3):
            s3.put_object(Bucket=name, Key="k", Body=b"x")
        s3.delete_object(Bucket=name, Key="k")
        boto3.resource("s3", config=Config(s3={"addressing_style": "path"})).Bucket(name).object_versions.delete()
        s3.delete_bucket(Bucket=name)


if __name__ == "__main__":
    unittest.main()
