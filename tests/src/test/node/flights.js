// One job of a kafkajs user: create a topic, produce all flights with a codec, read them back in a
// group and compare every byte. Arguments: bootstrap address, file with "key, tab, value" lines, topic, codec.
// Ends with exit code 0 and the line "kafkajs CODEC equal", or with what differed and exit code 1.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import snappy from 'kafkajs-snappy';
import lz4 from 'lz4-napi';

const { Kafka, CompressionTypes, CompressionCodecs, logLevel } = kafkajs;
const zstd = createRequire(import.meta.url)('@bokuweb/zstd-wasm');

CompressionCodecs[CompressionTypes.Snappy] = snappy;
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async (encoder) => lz4.compressFrame(encoder.buffer),
  decompress: async (bytes) => lz4.decompressFrame(bytes),
});
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async (encoder) => Buffer.from(zstd.compress(encoder.buffer, 3)),
  decompress: async (bytes) => Buffer.from(zstd.decompress(bytes)),
});

const PARTITIONS = 6;
const BATCH = 2_000;
const READ_LIMIT_MS = 60_000;
const [bootstrap, file, topic, codec] = process.argv.slice(2);
const compression = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 }[codec];

const check = (holds, what) => {
  if (!holds) {
    throw new Error(what());
  }
};

await zstd.init();
const flights = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const tab = line.indexOf('\t');
    return { key: Buffer.from(line.slice(0, tab)), value: Buffer.from(line.slice(tab + 1)) };
  });

const kafka = new Kafka({ clientId: 'flights', brokers: [bootstrap], logLevel: logLevel.ERROR });

const admin = kafka.admin();
await admin.connect();
check(
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }] }),
  () => `${topic} was there before`,
);
const metadata = await admin.fetchTopicMetadata({ topics: [topic] });
check(metadata.topics[0].partitions.length === PARTITIONS, () => JSON.stringify(metadata));

const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
await producer.connect();
for (let i = 0; i < flights.length; i += BATCH) {
  await producer.send({ topic, compression, messages: flights.slice(i, i + BATCH) });
}
await producer.disconnect();

const groupId = `${topic}-readers`;
const consumer = kafka.consumer({ groupId });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
const read = Array.from({ length: PARTITIONS }, () => []);
let count = 0;
await new Promise((resolve, reject) => {
  const limit = setTimeout(() => reject(new Error(`read only ${count}`)), READ_LIMIT_MS);
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  consumer
    .run({
      eachMessage: async ({ partition, message }) => {
        read[partition].push(message);
        count += 1;
        if (count === flights.length) {
          clearTimeout(limit);
          resolve();
        }
      },
    })
    .catch(reject);
});
await consumer.stop(); // commits what was read
await consumer.disconnect();

const partitionOf = new Map();
read.forEach((messages, partition) =>
  messages.forEach((message) => partitionOf.set(message.key.toString(), partition)),
);
const next = read.map(() => 0);
for (const { key, value } of flights) {
  const partition = partitionOf.get(key.toString());
  const at = next[partition]++;
  const message = read[partition][at];
  check(
    message.offset === String(at) && message.key.equals(key) && message.value.equals(value),
    () => `partition ${partition} offset ${message.offset}: ${message.key} ${message.value}, sent ${value}`,
  );
}

const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
const sum = committed.partitions.map((p) => Math.max(0, Number(p.offset))).reduce((a, b) => a + b);
check(sum === flights.length, () => `committed ${JSON.stringify(committed)}`);
await admin.disconnect();
console.log(`kafkajs ${codec} equal`);
