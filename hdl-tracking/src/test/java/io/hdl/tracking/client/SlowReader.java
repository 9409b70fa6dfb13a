package io.hdl.tracking.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes one request in some reads of up to 64 KiB with a pause after each; if that was all of it,
 * answers {@code {}}, else never.
 */
final class SlowReader implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final int reads;
  private final Duration pause;

  SlowReader(int reads, Duration pause) throws IOException {
    this.reads = reads;
    this.pause = pause;
    socket.setReceiveBufferSize(1 << 16);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread thread = new Thread(this::serve, "slow-reader");
    thread.setDaemon(true);
    thread.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  private void serve() {
    try (Socket client = socket.accept()) {
      InputStream in = client.getInputStream();
      byte[] buffer = new byte[1 << 16];
      int length = -1;
      int taken = 0;
      for (int i = 0; i < reads && taken != length; i++) {
        int count = in.read(buffer);
        taken += count;
        if (length < 0) {
          String head = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
          int body = head.indexOf("\r\n\r\n") + 4;
          length =
              body + Integer.parseInt(head.replaceAll("(?is).*content-length: *([0-9]+).*", "$1"));
        }
        closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
      }
      if (taken == length) {
        client
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                    .getBytes(StandardCharsets.ISO_8859_1));
      }
      closed.await();
    } catch (IOException clientGone) {
      // What the client sees of it is what the test is about.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
