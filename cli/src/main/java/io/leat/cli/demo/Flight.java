package io.leat.cli.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * What the read model needs to know of a flight.
 *
 * @param origin the airport it started from, as three letters
 * @param delayMinutes how late it started; negative if early
 */
record Flight(String origin, int delayMinutes) {
    private static final JsonFactory FACTORY = new JsonFactory();

    /**
     * Reads a JSON object.
     *
     * @throws IllegalArgumentException if it is none, or tells no origin or no delay
     */
    static Flight parse(byte[] text) {
        try (JsonParser json = FACTORY.createParser(text)) {
            return parse(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a flight: " + e.getMessage(), e);
        }
    }

    private static Flight parse(JsonParser json) throws IOException {
        String origin = "";
        boolean timed = false;
        int delayMinutes = 0;
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("origin")) {
                origin = json.getText();
            } else if (name.equals("delay")) {
                delayMinutes = json.getIntValue();
                timed = true;
            } else {
                json.skipChildren();
            }
        }
        if (origin.isEmpty() || !timed) {
            throw new IllegalArgumentException("a flight has an origin and a delay");
        }
        return new Flight(origin, delayMinutes);
    }
}
