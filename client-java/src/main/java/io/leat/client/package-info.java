/** Producer, consumer and admin for services on the JVM. */
package io.leat.client;
