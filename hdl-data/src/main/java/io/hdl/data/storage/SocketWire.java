package io.hdl.data.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Locale;

/** A plain TCP connection, each wait on it bounded. */
final class SocketWire implements Wire {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Duration idle;

  private SocketWire(SocketChannel channel, Selector selector, SelectionKey key, Duration idle) {
    this.channel = channel;
    this.selector = selector;
    this.key = key;
    this.idle = idle;
  }

  /**
   * Connects.
   *
   * @param limit time that connecting may take
   * @param idle time that a read or write may wait later
   */
  static SocketWire connect(InetSocketAddress address, Duration limit, Duration idle)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    Selector selector = null;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      selector = Selector.open();
      boolean connected = channel.connect(address);
      SelectionKey key =
          channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
      SocketWire wire = new SocketWire(channel, selector, key, idle);
      long until = System.nanoTime() + limit.toNanos();
      while (!connected) {
        wire.await(SelectionKey.OP_CONNECT, until, "no connection", limit);
        connected = channel.finishConnect();
      }
      return wire;
    } catch (IOException | RuntimeException e) {
      channel.close();
      if (selector != null) {
        selector.close();
      }
      throw e;
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int read = channel.read(into);
    if (read != 0) {
      return read;
    }
    long until = System.nanoTime() + idle.toNanos();
    do {
      await(SelectionKey.OP_READ, until, "no byte arrived", idle);
      read = channel.read(into);
    } while (read == 0);
    return read;
  }

  /** Reads what has arrived, which may be nothing. */
  int poll(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      if (channel.write(from) == 0) {
        long until = System.nanoTime() + idle.toNanos();
        await(SelectionKey.OP_WRITE, until, "no byte was taken", idle);
      }
    }
  }

  @Override
  public boolean quiet() {
    try {
      return channel.read(ByteBuffer.allocate(1)) == 0;
    } catch (IOException gone) {
      return false;
    }
  }

  private void await(int operation, long until, String what, Duration limit) throws IOException {
    try {
      if (key.interestOps() != operation) {
        key.interestOps(operation);
      }
      while (true) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          throw new SocketTimeoutException(
              String.format(Locale.ROOT, "%s for %.1f s", what, limit.toNanos() / 1e9));
        }
        int ready = selector.select(left / 1_000_000 + 1);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("the thread was interrupted");
        }
        if (ready > 0) {
          return;
        }
        if (!channel.isOpen()) {
          throw new AsynchronousCloseException();
        }
      }
    } catch (ClosedSelectorException | java.nio.channels.CancelledKeyException closed) {
      throw new AsynchronousCloseException();
    }
  }

  @Override
  public void close() {
    try (selector;
        channel) {
      selector.wakeup();
    } catch (IOException gone) {
      // Nothing is left to be closed.
    }
  }
}
