import base64
import unittest

import boto3

from lab import code, iam, name, trust, user

ec2 = boto3.client("ec2")


def launch(**more):
    image = ec2.describe_images(Owners=["self"])["Images"][0]
    kind = {"arm64": "t4g.micro"}.get(image["Architecture"], "t3.micro")
    return ec2.run_instances(**{"ImageId": image["ImageId"], "InstanceType": kind, "MinCount": 1, "MaxCount": 1} | more)


class Instances(unittest.TestCase):
    def test_life(self):
        launched = launch(UserData="echo hi", MaxCount=2, TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name("web")}]}])
        ids = [i["InstanceId"] for i in launched["Instances"]]
        self.assertEqual({i["State"]["Name"] for i in launched["Instances"]}, {"pending"})
        ec2.get_waiter("instance_running").wait(InstanceIds=ids)
        found = boto3.resource("ec2").Instance(ids[0])
        self.assertTrue(found.private_ip_address.startswith("172.31."))
        self.assertEqual(found.metadata_options["HttpTokens"], "required")
        self.assertEqual(base64.b64decode(found.describe_attribute(Attribute="userData")["UserData"]["Value"]), b"echo hi")
        found.stop()
        found.wait_until_stopped()
        found.modify_attribute(UserData={"Value": b"\x00\xff"})
        self.assertEqual(base64.b64decode(found.describe_attribute(Attribute="userData")["UserData"]["Value"]), b"\x00\xff")
        ec2.terminate_instances(InstanceIds=ids)
        ec2.get_waiter("instance_terminated").wait(InstanceIds=ids)

    def test_pages(self):
        tag = name("page")
        launch(MinCount=7, MaxCount=7, TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Page", "Value": tag}]}])
        pages = ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": "tag:Page", "Values": [tag]}], PaginationConfig={"PageSize": 5})
        found = [sum(len(r["Instances"]) for r in page["Reservations"]) for page in pages]
        self.assertEqual(found, [5, 2])

    def test_pass_role(self):
        """To give a role to an instance is to pass it."""
        role, profile = name("role"), name("profile")
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust(Service="ec2.amazonaws.com"))
        iam.create_instance_profile(InstanceProfileName=profile)
        iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=role)
        who, mine = user("ec2:*")
        instance = launch()["Instances"][0]["InstanceId"]
        give = {"InstanceId": instance, "IamInstanceProfile": {"Name": profile}}
        self.assertEqual(code(mine.client("ec2").associate_iam_instance_profile, **give), "UnauthorizedOperation")
        iam.attach_user_policy(UserName=who["UserName"], PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        given = mine.client("ec2").associate_iam_instance_profile(**give)["IamInstanceProfileAssociation"]
        self.assertEqual(given["State"], "associating")
        self.assertTrue(given["IamInstanceProfile"]["Arn"].endswith(profile))

    def test_errors(self):
        self.assertEqual(code(ec2.describe_instances, InstanceIds=["i-12345678"]), "InvalidInstanceID.NotFound")
        self.assertEqual(code(ec2.describe_instances, DryRun=True), "DryRunOperation")
        self.assertEqual(code(ec2.create_vpc, CidrBlock="10.0.0.0/16"), "NotImplemented")
        stranger = boto3.client("ec2", aws_access_key_id="AKIAQAAAAAAAPDY5XHGG", aws_secret_access_key="x")
        self.assertEqual(code(stranger.describe_instances), "AuthFailure")
