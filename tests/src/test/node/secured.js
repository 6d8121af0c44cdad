// A kafkajs user whom ACLs allow some things and forbid others, over TLS with SCRAM.
// Arguments: bootstrap address, PEM file to trust, SCRAM mechanism. Passwords in PASSWORD, the wrong one in WRONG.
// Prints a line for each thing that was tried: what came of it, or the error's type or name.
import { readFileSync } from 'node:fs';
import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;
const [bootstrap, pem, mechanism] = process.argv.slice(2);
const READ_LIMIT_MS = 30_000;

const as = (password) =>
  new Kafka({
    clientId: 'secured',
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 2 },
    ssl: { ca: [readFileSync(pem, 'utf8')] },
    sasl: { mechanism, username: 'alice', password },
  });
const kafka = as(process.env.PASSWORD);

const attempt = async (what, action) => {
  try {
    console.log(`${what}: ${await action()}`);
  } catch (error) {
    let cause = error;
    while (cause.cause && !cause.type) {
      cause = cause.cause;
    }
    console.log(`${what}: ${cause.type ?? `${cause.name}: ${cause.message}`}`);
  }
};

const produce = (topic) => async () => {
  const producer = kafka.producer();
  await producer.connect();
  try {
    const [{ baseOffset }] = await producer.send({ topic, messages: [{ value: 'one' }] });
    return `at ${baseOffset}`;
  } finally {
    await producer.disconnect();
  }
};

const consume = (topic, groupId) => async () => {
  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    return await new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('read nothing')), READ_LIMIT_MS);
      const over = (end) => (result) => {
        clearTimeout(limit);
        end(result);
      };
      consumer.on(consumer.events.CRASH, ({ payload }) => over(reject)(payload.error));
      consumer
        .run({ eachMessage: async ({ message }) => over(resolve)(message.value.toString()) })
        .catch(over(reject));
    });
  } finally {
    await consumer.disconnect();
  }
};

await attempt('produce', produce('orders-kafkajs'));
await attempt('consume', consume('orders-kafkajs', 'alice-kafkajs'));
await attempt('produce to a topic of others', produce('secret'));
await attempt('consume from a topic of others', consume('secret', 'alice-kafkajs-secret'));
await attempt('consume in a group of others', consume('orders-kafkajs', 'others'));
await attempt('wrong password', async () => {
  const admin = as(process.env.WRONG).admin();
  await admin.connect();
  await admin.disconnect();
  return 'let in';
});
