import json
import time
import unittest
from datetime import datetime, timedelta, timezone
from urllib.request import urlopen

import boto3

from lab import account, allow, code, iam, name, sts, trail, trust, user


def session(credentials):
    return boto3.Session(aws_access_key_id=credentials["AccessKeyId"], aws_secret_access_key=credentials["SecretAccessKey"],
                         aws_session_token=credentials["SessionToken"])


class Identity(unittest.TestCase):
    def test_default_chain(self):
        """Credentials, region and endpoint are those of the environment."""
        who = boto3.client("sts").get_caller_identity()
        self.assertEqual(who["Arn"].split(":")[4], who["Account"])

    def test_user(self):
        who, mine = user()
        got = mine.client("sts").get_caller_identity()
        self.assertEqual((got["Arn"], got["UserId"]), (who["Arn"], who["UserId"]))

    def test_any_region(self):
        for region in ("eu-west-1", "ap-northeast-2"):
            self.assertEqual(boto3.client("sts", region_name=region).get_caller_identity()["Account"], account())

    def test_presigned(self):
        url = sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
        with urlopen(url) as answer:
            self.assertIn(account(), answer.read().decode())


class Roles(unittest.TestCase):
    def setUp(self):
        self.user, self.session = user()
        self.role = iam.create_role(RoleName=name("role"), AssumeRolePolicyDocument=trust(AWS=self.user["Arn"]))["Role"]
        iam.put_role_policy(RoleName=self.role["RoleName"], PolicyName="own", PolicyDocument=allow("iam:ListUsers", "iam:ListRoles"))

    def assume(self, **more):
        return self.session.client("sts").assume_role(RoleArn=self.role["Arn"], RoleSessionName="python", **more)

    def test_assume_role(self):
        answer = self.assume()
        left = answer["Credentials"]["Expiration"] - datetime.now(timezone.utc)
        self.assertTrue(timedelta(minutes=59) < left <= timedelta(hours=1), left)
        self.assertEqual(answer["AssumedRoleUser"]["AssumedRoleId"], self.role["RoleId"] + ":python")
        taken = session(answer["Credentials"])
        self.assertEqual(taken.client("sts").get_caller_identity()["Arn"],
                         f"arn:aws:sts::{account()}:assumed-role/{self.role['RoleName']}/python")
        taken.client("iam").list_users()
        self.assertEqual(code(taken.client("iam").list_groups), "AccessDenied")
        self.assertEqual(code(self.session.client("iam").list_users), "AccessDenied")

    def test_session_policy(self):
        taken = session(self.assume(Policy=allow("iam:ListUsers"))["Credentials"])
        taken.client("iam").list_users()
        self.assertEqual(code(taken.client("iam").list_roles), "AccessDenied")

    def test_someone_else(self):
        _, stranger = user()
        self.assertEqual(code(stranger.client("sts").assume_role, RoleArn=self.role["Arn"], RoleSessionName="python"), "AccessDenied")

    def test_without_token(self):
        got = self.assume()["Credentials"]
        half = boto3.client("sts", aws_access_key_id=got["AccessKeyId"], aws_secret_access_key=got["SecretAccessKey"])
        self.assertEqual(code(half.get_caller_identity), "InvalidClientTokenId")


class Events(unittest.TestCase):
    def test_pages(self):
        who, mine = user()
        for _ in range(7):
            mine.client("sts").get_caller_identity()
        attributes = [{"AttributeKey": "Username", "AttributeValue": who["UserName"]}]
        for _ in range(50):  # plain reads are logged in batches
            pages = list(trail.get_paginator("lookup_events").paginate(LookupAttributes=attributes, PaginationConfig={"PageSize": 3}))
            events = [event for page in pages for event in page["Events"]]
            if len(events) == 7:
                break
            time.sleep(0.1)
        self.assertEqual([len(page["Events"]) for page in pages], [3, 3, 1])
        record = json.loads(events[0]["CloudTrailEvent"])
        self.assertEqual(record["userIdentity"]["arn"], who["Arn"])
        self.assertIn("Boto3", record["userAgent"])

    def test_bad_input(self):
        with self.assertRaises(trail.exceptions.InvalidMaxResultsException):
            trail.lookup_events(MaxResults=51)
        with self.assertRaises(trail.exceptions.InvalidTimeRangeException):
            trail.lookup_events(StartTime=datetime(2020, 2, 1), EndTime=datetime(2020, 1, 1))


if __name__ == "__main__":
    unittest.main()
