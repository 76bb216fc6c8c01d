# The lab's bucket, role and machine. The provider is told where Writ is, and
# that buckets are named in the path, since no DNS knows them as hosts here.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "endpoint" {
  description = "where Writ listens: $AWS_ENDPOINT_URL"
  default     = "http://127.0.0.1:4810"
}

provider "aws" {
  s3_use_path_style       = true
  skip_metadata_api_check = true

  endpoints {
    ec2 = var.endpoint
    iam = var.endpoint
    s3  = var.endpoint
    sts = var.endpoint
  }
}

resource "aws_s3_bucket" "papers" {
  bucket = "lab-terraform"
}

resource "aws_s3_object" "hello" {
  bucket  = aws_s3_bucket.papers.bucket
  key     = "hello.txt"
  content = "Attention is all you need.\n"
}

# Who may become the role: machines, for which EC2 does it.
resource "aws_iam_role" "reader" {
  name = "lab-reader"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# What it may do.
resource "aws_iam_role_policy" "read" {
  name = "read"
  role = aws_iam_role.reader.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:ListAllMyBuckets", Resource = "*" },
      { Effect = "Allow", Action = "s3:ListBucket", Resource = aws_s3_bucket.papers.arn },
      { Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.papers.arn}/*" },
    ]
  })
}

resource "aws_iam_instance_profile" "reader" {
  name = "lab-reader"
  role = aws_iam_role.reader.name
}

data "aws_ami" "host" {
  owners      = ["self"]
  most_recent = true
}

data "aws_ec2_instance_types" "host" {
  filter {
    name   = "processor-info.supported-architecture"
    values = [data.aws_ami.host.architecture]
  }
}

resource "aws_instance" "machine" {
  ami                  = data.aws_ami.host.id
  instance_type        = sort(data.aws_ec2_instance_types.host.instance_types)[0]
  iam_instance_profile = aws_iam_instance_profile.reader.name

  metadata_options {
    http_tokens = "required" # IMDSv2 alone
  }
}

output "instance" {
  value = aws_instance.machine.id
}
