/** Clients that were not written for Leat: each does the everyday job with the real flights. */
package io.leat.tests.clients;
