package io.hdl.data.testing;

import io.hdl.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the server answers to a request.
 *
 * @param status HTTP status
 * @param headers names and values
 * @param body what follows, if it is not part of a file
 * @param content the file to send a part of, if any
 * @param from the first byte of the file to send
 * @param length how many bytes of it
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record DfsAnswer(
    int status,
    Map<String, String> headers,
    byte[] body,
    DfsFiles.@Nullable Content content,
    long from,
    long length) {

  static DfsAnswer of(int status) {
    return new DfsAnswer(status, new LinkedHashMap<>(), new byte[0], null, 0, 0);
  }

  static DfsAnswer json(Object value) {
    DfsAnswer answer = of(200).with("Content-Type", "application/json;charset=utf-8");
    return answer.body(Json.write(value).getBytes(StandardCharsets.UTF_8));
  }

  /** An error as the service words it, in the header that all clients read and as JSON. */
  static DfsAnswer error(int status, String code, String message) {
    return of(status)
        .with("x-ms-error-code", code)
        .with("Content-Type", "application/json;charset=utf-8")
        .body(
            Json.write(Map.of("error", Map.of("code", code, "message", message)))
                .getBytes(StandardCharsets.UTF_8));
  }

  DfsAnswer with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  DfsAnswer body(byte[] bytes) {
    return new DfsAnswer(status, headers, bytes, null, 0, 0);
  }

  DfsAnswer part(DfsFiles.Content file, long first, long bytes) {
    return new DfsAnswer(status, headers, body, file, first, bytes);
  }
}
