package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Large files in parts, each to a signed address of its own, straight to the store behind a server.
 * A part whose sending fails in passing is sent again. Thread-safe.
 */
final class Multipart {
  private static final long FROM_BYTES = 100L << 20;
  private static final long PART_BYTES = 32L << 20;

  /** What the stores allow, with room to spare: Amazon 10,000, Azure 50,000. */
  private static final int MOST_PARTS = 5_000;

  private static final int MOST_TRIES = 4;

  private static final Duration PART_DEADLINE = Duration.ofMinutes(5);

  private final long fromBytes;
  private final long partBytes;
  private final Set<URI> without = ConcurrentHashMap.newKeySet();

  Multipart(long fromBytes, long partBytes) {
    this.fromBytes = fromBytes;
    this.partBytes = partBytes;
  }

  static Multipart defaults() {
    return new Multipart(FROM_BYTES, PART_BYTES);
  }

  /** Files of this size and larger go in parts. */
  long fromBytes() {
    return fromBytes;
  }

  /** Whether a service has not said yet that it has no store for parts. */
  boolean mayBeOffered(URI service) {
    return !without.contains(service);
  }

  /** Remembers that a service has no store for parts. */
  void notOffered(URI service) {
    without.add(service);
  }

  /** In how many parts a file goes. */
  int parts(long bytes) {
    long size = partSize(bytes);
    return (int) Math.max(1, (bytes + size - 1) / size);
  }

  private long partSize(long bytes) {
    return Math.max(partBytes, (bytes + MOST_PARTS - 1) / MOST_PARTS);
  }

  /**
   * Where a part goes.
   *
   * @param address signed
   * @param headers what the signature covers
   */
  record Target(int number, URI address, Map<String, String> headers) {
    Target {
      headers = Map.copyOf(headers);
    }
  }

  /** An upload that was begun. */
  record Begun(String uploadId, List<Target> targets) {
    /** What MLflow's artifact service answers. */
    static Begun of(String what, Map<String, Object> answer) {
      List<Target> targets = new ArrayList<>();
      for (Object item : (List<?>) answer.getOrDefault("credentials", List.of())) {
        Map<?, ?> credential = (Map<?, ?>) item;
        targets.add(
            new Target(
                Integer.parseInt(String.valueOf(credential.get("part_number"))),
                signed(what, String.valueOf(credential.get("url"))),
                headers(credential.get("headers"))));
      }
      return new Begun(String.valueOf(answer.getOrDefault("upload_id", "")), targets);
    }

    private static Map<String, String> headers(@Nullable Object json) {
      Map<String, String> headers = new LinkedHashMap<>();
      if (json instanceof Map<?, ?> map) {
        map.forEach((name, value) -> headers.put(String.valueOf(name), String.valueOf(value)));
      }
      return headers;
    }
  }

  /** A part that arrived. */
  record Sent(Target target, String etag) {
    /** As the end of the upload wants it. */
    Map<String, Object> json() {
      return Map.of(
          "part_number", target.number(), "etag", etag, "url", target.address().toString());
    }
  }

  /** An address that a server signed; a broken one is not shown, since it is a secret. */
  static URI signed(String what, String address) {
    try {
      URI uri = URI.create(address);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Its message holds the address.
    }
    throw new HdlException(
        ErrorCode.REFUSED_BY_SERVICE,
        "Cannot " + what + ": the server gave a signed address that is none.");
  }

  /** Sends all parts, one after the other. */
  List<Sent> send(
      Http http, String what, Path file, long bytes, List<Target> targets, Duration idle) {
    if (targets.size() != parts(bytes)) {
      throw new HdlException(
          ErrorCode.REFUSED_BY_SERVICE,
          "Cannot %s: the server gave addresses for %d parts instead of %d."
              .formatted(what, targets.size(), parts(bytes)));
    }
    List<Call.Part> split = split(file, bytes);
    List<Sent> sent = new ArrayList<>();
    for (Target target : targets) {
      Call call =
          Call.put(
                  what + ", part " + target.number(),
                  target.address(),
                  part(split, target.number(), what),
                  Call.Identity.SIGNED_ADDRESS)
              .with(target.headers());
      sent.add(new Sent(target, retrying(call.what(), () -> http.send(call, idle).orElse(""))));
    }
    return sent;
  }

  private static Call.Part part(List<Call.Part> split, int number, String what) {
    if (number < 1 || number > split.size()) {
      throw new HdlException(
          ErrorCode.REFUSED_BY_SERVICE,
          "Cannot %s: the server asks for part %d of %d.".formatted(what, number, split.size()));
    }
    return split.get(number - 1);
  }

  /** The parts of a file, in order; an empty file has one empty part. */
  List<Call.Part> split(Path file, long bytes) {
    long size = partSize(bytes);
    List<Call.Part> split = new ArrayList<>();
    long offset = 0;
    do {
      long length = Math.min(size, bytes - offset);
      split.add(new Call.Part(file, offset, length));
      offset += length;
    } while (offset < bytes);
    return split;
  }

  /** Sends a part again whose sending failed in passing: it replaces itself. */
  String retrying(String what, Supplier<String> sending) {
    return RetryPolicy.builder()
        .deadline(PART_DEADLINE)
        .maxTries(MOST_TRIES)
        .build()
        .call(what, attempt -> sending.get());
  }
}
