package io.hdl.data.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * TLS over a socket. What arrives is read in pieces of many records and decrypted straight into the
 * reader's buffer: the JDK's own sockets take two system calls a record.
 */
final class TlsWire implements Wire {
  private static final int ARRIVED = 1 << 17;

  private final SocketWire socket;
  private final SSLEngine engine;
  private final int longestText;

  /** Ready to be read from. */
  private final ByteBuffer arrived = ByteBuffer.allocate(ARRIVED).limit(0);

  /** Decrypted, and more than a reader had room for; ready to be read from. */
  private final ByteBuffer over;

  private final ByteBuffer leaving;

  private TlsWire(SocketWire socket, SSLEngine engine) {
    this.socket = socket;
    this.engine = engine;
    longestText = engine.getSession().getApplicationBufferSize();
    over = ByteBuffer.allocate(longestText).limit(0);
    leaving = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
  }

  /** Shakes hands; the server's certificate must be trusted and made out to the host. */
  static TlsWire over(SocketWire socket, SSLContext context, String host, int port)
      throws IOException {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    TlsWire wire = new TlsWire(socket, engine);
    engine.beginHandshake();
    wire.handshake();
    return wire;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (over.hasRemaining()) {
      int count = Math.min(over.remaining(), into.remaining());
      into.put(over.slice().limit(count));
      over.position(over.position() + count);
      return count;
    }
    int before = into.position();
    while (true) {
      boolean straight = into.remaining() >= longestText;
      if (!straight && into.position() > before) {
        return into.position() - before;
      }
      SSLEngineResult result = engine.unwrap(arrived, straight ? into : over.clear());
      if (!straight) {
        over.flip();
      }
      refuseOverflow(result);
      if (result.getStatus() == Status.CLOSED) {
        return into.position() > before ? into.position() - before : -1;
      }
      if (result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
          && result.getHandshakeStatus() != HandshakeStatus.FINISHED) {
        handshake();
      }
      if (!straight && over.hasRemaining()) {
        return read(into);
      }
      if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
        if (into.position() > before) {
          return into.position() - before;
        }
        if (!receive()) {
          return -1;
        }
      }
    }
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      wrap(from);
    }
  }

  @Override
  public boolean quiet() {
    // Session tickets may arrive after the handshake: bytes alone say nothing.
    try {
      arrived.compact();
      return arrived.hasRemaining() && socket.poll(arrived) >= 0;
    } catch (IOException gone) {
      return false;
    } finally {
      arrived.flip();
    }
  }

  @Override
  public void close() {
    // Without a closing record: nobody waits for one, and a request that is cut short shows.
    socket.close();
  }

  private void handshake() throws IOException {
    ByteBuffer nothing = ByteBuffer.allocate(0);
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          for (Runnable task = engine.getDelegatedTask();
              task != null;
              task = engine.getDelegatedTask()) {
            task.run();
          }
        }
        case NEED_WRAP -> wrap(nothing);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (over.hasRemaining()) {
            return;
          }
          SSLEngineResult result = engine.unwrap(arrived, over.clear());
          over.flip();
          if (result.getStatus() == Status.CLOSED) {
            throw new SSLException("the server ended the handshake");
          }
          if (result.getStatus() == Status.BUFFER_UNDERFLOW && !receive()) {
            throw new EOFException("the server closed the connection during the handshake");
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
      }
    }
  }

  private void wrap(ByteBuffer from) throws IOException {
    SSLEngineResult result = engine.wrap(from, leaving.clear());
    refuseOverflow(result);
    if (result.getStatus() == Status.CLOSED) {
      throw new SSLException("the connection is closed");
    }
    socket.write(leaving.flip());
  }

  private static void refuseOverflow(SSLEngineResult result) throws SSLException {
    if (result.getStatus() == Status.BUFFER_OVERFLOW) {
      throw new SSLException("a record that is longer than the session allows");
    }
  }

  private boolean receive() throws IOException {
    arrived.compact();
    try {
      return socket.read(arrived) >= 0;
    } finally {
      arrived.flip();
    }
  }
}
