"""What the tests share: clients by the default chain, and documents."""

import json
import uuid

import boto3
from botocore.exceptions import ClientError

iam = boto3.client("iam")
sts = boto3.client("sts")
trail = boto3.client("cloudtrail")


def name(what):
    """A name that no other test uses."""
    return f"{what}-{uuid.uuid4().hex[:8]}"


def account():
    return sts.get_caller_identity()["Account"]


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions, resource="*"):
    return document({"Effect": "Allow", "Action": list(actions), "Resource": resource})


def trust(**principal):
    return document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal})


def user(*actions):
    """A new user who may do the actions, and a session with the user's key."""
    who = iam.create_user(UserName=name("user"))["User"]
    if actions:
        iam.put_user_policy(UserName=who["UserName"], PolicyName="own", PolicyDocument=allow(*actions))
    key = iam.create_access_key(UserName=who["UserName"])["AccessKey"]
    return who, boto3.Session(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])


def code(call, *args, **parameters):
    """The code of the error that a call ends with."""
    try:
        call(*args, **parameters)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None
