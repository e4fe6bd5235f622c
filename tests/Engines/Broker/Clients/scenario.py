# What a Python program does with a broker, by kafka-python; says each step that went well. The address is the argument.
import sys
import threading
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic

address = sys.argv[1]
admin = KafkaAdminClient(bootstrap_servers=address)
admin.create_topics([NewTopic("t", 2, 1, topic_configs={"retention.ms": "7000000"})])
assert "t" in admin.list_topics()
print("topic made")

before = int(time.time() * 1000)
for codec in (None, "gzip"):
    producer = KafkaProducer(bootstrap_servers=address, acks="all", compression_type=codec)
    sent = [producer.send("t", key=b"k", value=b"v%d" % i, headers=[("h", b"x")], partition=0) for i in range(100)]
    producer.flush()
    assert all(s.get(timeout=30).partition == 0 for s in sent)
    producer.close()
consumer = KafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest", consumer_timeout_ms=60000)
zero = TopicPartition("t", 0)
consumer.assign([zero])
read = []
while len(read) < 200:
    read.append(next(consumer))
assert [r.value for r in read] == [b"v%d" % i for i in range(100)] * 2
assert [r.offset for r in read] == list(range(200))
assert read[0].key == b"k" and read[0].headers == [("h", b"x")]
print("records read")

configs = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, "t")])
entries = {entry[0]: entry[1] for entry in configs[0].resources[0][4]}
assert entries["retention.ms"] == "7000000" and entries["cleanup.policy"] == "delete", entries
admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, "t", {"segment.ms": "5000"})])
print("configs")

admin.create_partitions({"t": NewPartitions(4)})
assert KafkaConsumer(bootstrap_servers=address).partitions_for_topic("t") == {0, 1, 2, 3}
print("partitions")

assert consumer.beginning_offsets([zero])[zero] == 0 and consumer.end_offsets([zero])[zero] == 200
assert consumer.offsets_for_times({zero: before})[zero].offset == 0
print("times")


def member():
    return KafkaConsumer(
        "t", bootstrap_servers=address, group_id="g", auto_offset_reset="earliest", enable_auto_commit=False,
        heartbeat_interval_ms=200, session_timeout_ms=10000, fetch_max_wait_ms=50)


first = member()
count = 0
while count < 150:
    for records in first.poll(100, max_records=150 - count).values():
        count += len(records)
first.commit()
first.close()
first = member()
count = 0
while count < 50:
    for records in first.poll(100).values():
        count += len(records)
assert count == 50
first.commit()
print("group resumed")

# Joining blocks: so each member has a thread of its own.
second = member()
shared = threading.Event()


def poll_second():
    while not shared.is_set():
        second.poll(20)


other = threading.Thread(target=poll_second)
other.start()
while not (len(first.assignment()) == 2 and len(second.assignment()) == 2):
    first.poll(20)
shared.set()
other.join()
assert not first.assignment() & second.assignment()
print("group shared")

described = admin.describe_consumer_groups(["g"])[0]
assert described.state == "Stable" and len(described.members) == 2
assert ("g", "consumer") in admin.list_consumer_groups()
assert admin.list_consumer_group_offsets("g")[zero].offset == 200
second.close()
first.close()
print("group described")

admin.delete_topics(["t"])
assert "t" not in admin.list_topics()
print("topic deleted")
