import unittest
from datetime import datetime, timedelta, timezone

import boto3

from lab import allow, code, iam, name, trust


class Waiters(unittest.TestCase):
    quick = {"Delay": 1, "MaxAttempts": 3}

    def test_user_exists(self):
        who = name("user")
        iam.create_user(UserName=who)
        iam.get_waiter("user_exists").wait(UserName=who, WaiterConfig=self.quick)

    def test_role_exists(self):
        role = name("role")
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust(Service="ec2.amazonaws.com"))
        iam.get_waiter("role_exists").wait(RoleName=role, WaiterConfig=self.quick)

    def test_policy_exists(self):
        arn = iam.create_policy(PolicyName=name("policy"), PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
        iam.get_waiter("policy_exists").wait(PolicyArn=arn, WaiterConfig=self.quick)

    def test_instance_profile_exists(self):
        profile = name("profile")
        iam.create_instance_profile(InstanceProfileName=profile)
        iam.get_waiter("instance_profile_exists").wait(InstanceProfileName=profile, WaiterConfig=self.quick)

    def test_wait_in_vain(self):
        with self.assertRaisesRegex(Exception, "Max attempts exceeded"):
            iam.get_waiter("user_exists").wait(UserName=name("nobody"), WaiterConfig={"Delay": 0, "MaxAttempts": 2})


class Paginators(unittest.TestCase):
    def test_list_groups(self):
        path = f"/{name('teams')}/"
        made = sorted(iam.create_group(GroupName=name("group"), Path=path)["Group"]["GroupName"] for _ in range(7))
        pages = list(iam.get_paginator("list_groups").paginate(PathPrefix=path, PaginationConfig={"PageSize": 3}))
        self.assertEqual([len(page["Groups"]) for page in pages], [3, 3, 1])
        self.assertEqual(sorted(g["GroupName"] for page in pages for g in page["Groups"]), made)

    def test_list_policies_of_aws(self):
        pages = iam.get_paginator("list_policies").paginate(Scope="AWS", PaginationConfig={"PageSize": 500})
        arns = [p["Arn"] for page in pages for p in page["Policies"]]
        self.assertGreater(len(arns), 1000)
        self.assertEqual(len(arns), len(set(arns)))
        self.assertIn("arn:aws:iam::aws:policy/PowerUserAccess", arns)

    def test_resources(self):
        """The collections of boto3's resources page by themselves."""
        who = boto3.resource("iam").create_user(UserName=name("user"))
        who.attach_policy(PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        self.assertEqual([p.policy_name for p in who.attached_policies.all()], ["ReadOnlyAccess"])
        who.detach_policy(PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        who.delete()


class Shapes(unittest.TestCase):
    def test_types_of_values(self):
        role = iam.create_role(RoleName=name("role"), AssumeRolePolicyDocument=trust(Service="ec2.amazonaws.com"))["Role"]
        self.assertIsInstance(role["AssumeRolePolicyDocument"], dict)  # botocore has decoded it
        self.assertLess(abs(datetime.now(timezone.utc) - role["CreateDate"]), timedelta(minutes=1))
        role = iam.get_role(RoleName=role["RoleName"])["Role"]
        self.assertEqual(role["MaxSessionDuration"], 3600)
        self.assertEqual(role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"], {"Service": "ec2.amazonaws.com"})
        self.assertEqual(role["RoleLastUsed"], {})

    def test_boundary(self):
        arn = "arn:aws:iam::aws:policy/PowerUserAccess"
        who = iam.create_user(UserName=name("user"), PermissionsBoundary=arn, Tags=[{"Key": "a", "Value": ""}])["User"]["UserName"]
        got = iam.get_user(UserName=who)["User"]
        self.assertEqual(got["PermissionsBoundary"], {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn})
        self.assertEqual(got["Tags"], [{"Key": "a", "Value": ""}])

    def test_request_id(self):
        answer = iam.list_account_aliases()
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 200)
        self.assertEqual(len(answer["ResponseMetadata"]["RequestId"]), 36)
        self.assertEqual(answer["ResponseMetadata"]["RetryAttempts"], 0)


class Exceptions(unittest.TestCase):
    def test_no_such_entity(self):
        with self.assertRaises(iam.exceptions.NoSuchEntityException) as raised:
            iam.get_user(UserName="nobody")
        error = raised.exception.response["Error"]
        self.assertEqual(error["Message"], "The user with name nobody cannot be found.")
        self.assertEqual(error["Type"], "Sender")

    def test_entity_already_exists(self):
        who = name("user")
        iam.create_user(UserName=who)
        with self.assertRaises(iam.exceptions.EntityAlreadyExistsException):
            iam.create_user(UserName=who)

    def test_delete_conflict(self):
        who = name("user")
        iam.create_user(UserName=who)
        iam.create_access_key(UserName=who)
        with self.assertRaises(iam.exceptions.DeleteConflictException):
            iam.delete_user(UserName=who)

    def test_limit_exceeded(self):
        who = name("user")
        iam.create_user(UserName=who)
        iam.create_access_key(UserName=who)
        iam.create_access_key(UserName=who)
        with self.assertRaises(iam.exceptions.LimitExceededException):
            iam.create_access_key(UserName=who)

    def test_malformed_policy_document(self):
        with self.assertRaises(iam.exceptions.MalformedPolicyDocumentException):
            iam.create_policy(PolicyName=name("policy"), PolicyDocument="no JSON")

    def test_several_constraints(self):
        """What the client itself does not check, the server does."""
        self.assertEqual(code(iam.create_user, UserName="x" * 65), "ValidationError")
        self.assertEqual(code(iam.create_user, UserName=name("user"), Path="no slash"), "ValidationError")


if __name__ == "__main__":
    unittest.main()
