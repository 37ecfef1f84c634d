"""The cloud's own client, openstacksdk: reads or sets the project's member status of one image.

client.py IMAGE PROJECT [accepted|rejected|pending]; prints the status. Credentials come from OS_* variables.
"""

import sys

import openstack

image, project, *status = sys.argv[1:]
glance = openstack.connect().image
if status:
    glance.update_member(project, image, status=status[0])
print(glance.get_member(project, image).status)
