// What a Node program does with a broker, by kafkajs. It writes a line for each step that went well, and goes on when one comes back. The address is the argument.
const assert = require('node:assert')
const { createInterface } = require('node:readline')
const { CompressionTypes, Kafka, logLevel, Partitioners } = require('kafkajs')

const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries: 20 } })
const admin = kafka.admin()
const consumer = kafka.consumer({ groupId: 'g', sessionTimeout: 6000, heartbeatInterval: 200, maxWaitTimeInMs: 50 })
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const sent = []
const read = []

const done = async step => {
  console.log(step)
  await lines.next()
}

const until = async condition => {
  while (!(await condition())) await new Promise(setImmediate)
}

const produce = async (producer, compression, count) => {
  const messages = Array.from({ length: count }, (_, i) => ({ key: `k${i % 7}`, value: `${compression} ${sent.length + i}`, headers: { h: 'x' } }))
  await producer.send({ topic: 't', compression, messages })
  sent.push(...messages)
}

// Records of one key are in one partition, and so in their order.
const assertReadOnceInOrder = () => {
  const valuesOf = (list, key) => list.filter(m => m.key.toString() === key).map(m => m.value.toString())
  assert.strictEqual(read.length, sent.length)
  for (const key of new Set(sent.map(m => m.key))) assert.deepStrictEqual(valuesOf(read, key), valuesOf(sent, key))
  assert(read.every(m => m.headers.h.toString() === 'x'))
}

const committed = async () => {
  const [{ partitions }] = await admin.fetchOffsets({ groupId: 'g', topics: ['t'] })
  return partitions.reduce((sum, p) => sum + Math.max(0, Number(p.offset)), 0)
}

const run = async () => {
  await admin.connect()
  const topic = { topic: 't', numPartitions: 2, configEntries: [{ name: 'retention.ms', value: '7000000' }] }
  assert(await admin.createTopics({ topics: [topic] }))
  assert(!(await admin.createTopics({ topics: [topic] })))
  assert((await admin.listTopics()).includes('t'))
  const { resources } = await admin.describeConfigs({ resources: [{ type: 2, name: 't', configNames: ['retention.ms'] }] })
  assert.strictEqual(resources[0].configEntries[0].configValue, '7000000')
  await done('topic made')

  const plain = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  const idempotent = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true, maxInFlightRequests: 1 })
  await Promise.all([plain.connect(), idempotent.connect(), consumer.connect()])
  await produce(plain, CompressionTypes.None, 100)
  await produce(idempotent, CompressionTypes.GZIP, 100)
  await consumer.subscribe({ topic: 't', fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => void read.push(message) })
  await until(() => read.length >= sent.length)
  assertReadOnceInOrder()
  await until(async () => (await committed()) === sent.length)
  await done('records read and committed')

  await produce(plain, CompressionTypes.None, 50)
  await produce(idempotent, CompressionTypes.GZIP, 50)
  await until(() => read.length >= sent.length)
  assertReadOnceInOrder()
  await until(async () => (await committed()) === sent.length)
  await done('records read once, also those behind the restart')

  const ends = await admin.fetchTopicOffsets('t')
  assert.strictEqual(ends.reduce((sum, p) => sum + Number(p.high), 0), sent.length)
  assert(ends.every(p => p.low === '0'))
  const starts = await admin.fetchTopicOffsetsByTimestamp('t', Date.now() - 3600000)
  assert(starts.every(p => p.offset === '0'))
  await done('offsets')

  assert((await admin.listGroups()).groups.some(g => g.groupId === 'g'))
  const { groups } = await admin.describeGroups(['g'])
  assert.deepStrictEqual([groups[0].state, groups[0].members.length], ['Stable', 1])
  await consumer.disconnect()
  await admin.deleteGroups(['g'])
  assert(!(await admin.listGroups()).groups.some(g => g.groupId === 'g'))
  await done('group deleted')

  await admin.createPartitions({ topicPartitions: [{ topic: 't', count: 4 }] })
  const { topics } = await admin.fetchTopicMetadata({ topics: ['t'] })
  assert.strictEqual(topics[0].partitions.length, 4)
  await admin.deleteTopicRecords({ topic: 't', partitions: [{ partition: 0, offset: '1' }] })
  assert.strictEqual((await admin.fetchTopicOffsets('t')).find(p => p.partition === 0).low, '1')
  await admin.deleteTopics({ topics: ['t'] })
  assert(!(await admin.listTopics()).includes('t'))
  await done('topic deleted')

  await Promise.all([plain.disconnect(), idempotent.disconnect(), admin.disconnect()])
  process.exit(0) // without waiting for connections that kafkajs forgot when the broker was away
}

run().catch(error => {
  console.error(error)
  process.exit(1)
})
