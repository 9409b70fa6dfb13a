package io.hdl.core.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Hands one request on and its answer back, as a stream, with what a fault does to either. */
final class FaultRelay {
  private static final int BUFFER = 1 << 16;
  private static final long BEFORE_RESET_MILLIS = 20;

  private final Socket client;
  private final Socket server;
  private final @Nullable Fault fault;
  private final CountDownLatch closed;
  private final AtomicLong bodyBytes;

  FaultRelay(
      Socket client,
      Socket server,
      @Nullable Fault fault,
      CountDownLatch closed,
      AtomicLong bodyBytes) {
    this.client = client;
    this.server = server;
    this.fault = fault;
    this.closed = closed;
    this.bodyBytes = bodyBytes;
  }

  void relay(HttpMessage request) throws IOException, InterruptedException {
    server.getOutputStream().write(asked(request).forOneConnection());
    server.getOutputStream().flush();
    InputStream answer = new BufferedInputStream(server.getInputStream(), BUFFER);
    if (fault instanceof Fault.ResetAfterwards) {
      answer.readAllBytes();
      reset(client);
      return;
    }
    OutputStream out = client.getOutputStream();
    for (String line = HttpMessage.line(answer); !line.isEmpty(); line = HttpMessage.line(answer)) {
      Optional<String> told = told(line);
      if (told.isPresent()) {
        out.write((told.get() + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    // Without it a client would send its next request into a connection that is being closed.
    out.write("Connection: close\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    body(answer, out);
    out.flush();
  }

  private void body(InputStream answer, OutputStream out) throws IOException, InterruptedException {
    if (fault instanceof Fault.Truncate truncate) {
      copy(answer, out, truncate.bodyBytes());
    } else if (fault instanceof Fault.TruncateWithoutLength truncate) {
      copy(answer, out, truncate.bodyBytes());
    } else if (fault instanceof Fault.ResetWithin reset) {
      copy(answer, out, reset.bodyBytes());
      out.flush();
      // A reset throws away what has not left this machine yet.
      closed.await(BEFORE_RESET_MILLIS, TimeUnit.MILLISECONDS);
      reset(client);
    } else if (fault instanceof Fault.StallWithin stall) {
      copy(answer, out, stall.bodyBytes());
      out.flush();
      closed.await();
    } else if (fault instanceof Fault.Slow slow) {
      slowly(answer, out, slow.bytesPerSecond());
    } else {
      copy(answer, out, Long.MAX_VALUE);
      if (fault instanceof Fault.Longer longer) {
        out.write(new byte[longer.bytes()]);
      }
    }
  }

  private void copy(InputStream from, OutputStream to, long most) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (long left = most; left > 0; ) {
      int count = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        return;
      }
      bodyBytes.addAndGet(count);
      to.write(buffer, 0, count);
      left -= count;
    }
  }

  /** In steps of a hundredth of a second, by the clock. */
  private void slowly(InputStream from, OutputStream to, int bytesPerSecond)
      throws IOException, InterruptedException {
    byte[] buffer = new byte[Math.max(1, Math.min(BUFFER, bytesPerSecond / 100))];
    long start = System.nanoTime();
    long sent = 0;
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      bodyBytes.addAndGet(count);
      to.write(buffer, 0, count);
      to.flush();
      sent += count;
      long due = start + (long) (sent * (1e9 / bytesPerSecond));
      if (closed.await(due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return;
      }
    }
  }

  /** The request as upstream gets it. */
  private HttpMessage asked(HttpMessage request) {
    if (fault instanceof Fault.IgnoredRange) {
      return request.with("Range", Optional.empty());
    }
    if (fault instanceof Fault.OtherRange other) {
      return request.with(
          "Range", request.header("range").map(range -> shifted(range, other.shift())));
    }
    return request;
  }

  private static String shifted(String range, long by) {
    String[] ends = range.substring("bytes=".length()).split("-", 2);
    return "bytes=" + (Long.parseLong(ends[0]) + by) + "-" + (Long.parseLong(ends[1]) + by);
  }

  /** A line of the answer's head as the client gets it; empty if it is left out. */
  private Optional<String> told(String line) {
    String lower = line.toLowerCase(Locale.ROOT);
    if (HttpMessage.isAboutTheConnection(line)) {
      return Optional.empty();
    }
    if (fault instanceof Fault.ChangedEtag changed && lower.startsWith("etag:")) {
      return Optional.of("ETag: " + changed.etag());
    }
    if (lower.startsWith("content-length:")) {
      if (fault instanceof Fault.TruncateWithoutLength) {
        return Optional.empty();
      }
      if (fault instanceof Fault.Longer longer) {
        long length = Long.parseLong(lower.substring("content-length:".length()).strip());
        return Optional.of("Content-Length: " + (length + longer.bytes()));
      }
    }
    return Optional.of(line);
  }

  /** Closing with nothing to linger for sends a reset. */
  static void reset(Socket client) throws IOException {
    client.setSoLinger(true, 0);
    client.close();
  }
}
