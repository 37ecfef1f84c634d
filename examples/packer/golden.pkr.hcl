# A minimal template for packer-build-share-accept-release.yml: it shares an image and writes a manifest.
# The cloud, the project and the keys come from the environment: HW_AUTH_URL, HW_REGION_NAME, HW_PROJECT_NAME, HW_ACCESS_KEY,
# HW_SECRET_KEY.
packer {
  required_plugins {
    huaweicloud = {
      source  = "github.com/huaweicloud/huaweicloud"
      version = ">= 1.0.0"
    }
  }
}

variable "image_members" {
  type        = list(string)
  description = "IDs (not names) of the projects that the image is shared with."
}

source "huaweicloud-ecs" "golden" {
  image_name        = "golden-${formatdate("YYYYMMDD-hhmm", timestamp())}"
  image_members     = var.image_members
  source_image_name = "Standard_Ubuntu_22.04_latest"
  flavor            = "s3.medium.2"
  ssh_username      = "ubuntu"

  # A temporary public address, so that Packer can reach the server.
  eip_type           = "5_bgp"
  eip_bandwidth_size = 5
}

build {
  sources = ["source.huaweicloud-ecs.golden"]

  provisioner "shell" {
    inline = ["sudo apt-get update"]
  }

  post-processor "manifest" {
    output     = "packer-manifest.json"
    strip_path = true
  }
}
