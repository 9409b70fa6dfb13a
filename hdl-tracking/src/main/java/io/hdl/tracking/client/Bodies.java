package io.hdl.tracking.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Bodies that are streamed, with a note of each step, in memory that does not grow with them. */
final class Bodies {
  private Bodies() {}

  /** A failure of this machine's disk, not of the link. */
  static final class LocalFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final IOException failure;

    LocalFailure(IOException failure) {
      super(failure.toString(), failure);
      this.failure = failure;
    }

    IOException failure() {
      return failure;
    }
  }

  /**
   * Bytes that are in memory, sent in one piece: the JDK's own publishers cut them into pieces of
   * 16 KiB, each of which takes its turn through several threads.
   */
  static HttpRequest.BodyPublisher whole(ByteBuffer bytes) {
    return bytes.hasRemaining()
        ? HttpRequest.BodyPublishers.fromPublisher(
            subscriber -> subscriber.onSubscribe(new InOnePiece(bytes.duplicate(), subscriber)),
            bytes.remaining())
        : HttpRequest.BodyPublishers.noBody();
  }

  private static final class InOnePiece implements Flow.Subscription {
    private final ByteBuffer bytes;
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final AtomicBoolean over = new AtomicBoolean();

    InOnePiece(ByteBuffer bytes, Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.bytes = bytes;
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      if (over.compareAndSet(false, true)) {
        if (count > 0) {
          subscriber.onNext(bytes);
          subscriber.onComplete();
        } else {
          subscriber.onError(new IllegalArgumentException("request: " + count));
        }
      }
    }

    @Override
    public void cancel() {
      over.set(true);
    }
  }

  /** A part of a file on its way out; keeps why it could not be read. */
  static final class Outgoing {
    private final Call.Part part;
    private final Progress progress;
    private volatile @Nullable IOException failure;

    Outgoing(Call.Part part, Progress progress) {
      this.part = part;
      this.progress = progress;
    }

    /** What the client sends: exactly the part's length, or the request fails. */
    HttpRequest.BodyPublisher publisher() {
      return part.length() == 0
          ? HttpRequest.BodyPublishers.noBody()
          : HttpRequest.BodyPublishers.fromPublisher(
              HttpRequest.BodyPublishers.ofInputStream(this::open), part.length());
    }

    /** Why the file could not be read, if it could not. */
    @Nullable IOException failure() {
      return failure;
    }

    private InputStream open() {
      try {
        FileChannel channel = FileChannel.open(part.file(), StandardOpenOption.READ);
        try {
          channel.position(part.offset());
        } catch (IOException e) {
          channel.close();
          throw e;
        }
        return new Counted(Channels.newInputStream(channel));
      } catch (IOException e) {
        failure = e;
        throw new UncheckedIOException(e);
      }
    }

    /** The JDK takes a failing stream for one that ends, so the failure is kept here. */
    private final class Counted extends InputStream {
      private final InputStream file;
      private long left = part.length();

      Counted(InputStream file) {
        this.file = file;
      }

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        if (left == 0) {
          return -1;
        }
        try {
          int count = file.read(into, offset, (int) Math.min(length, left));
          if (count < 0) {
            throw new IOException("the file became shorter while it was sent");
          }
          left -= count;
          progress.moved(count);
          if (left == 0) {
            progress.handedOver(part.length());
          }
          return count;
        } catch (IOException e) {
          failure = e;
          throw e;
        }
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    }
  }

  /** Writes a body to a stream as it comes. */
  static HttpResponse.BodySubscriber<String> into(OutputStream out, Progress progress) {
    return new Incoming(out, progress);
  }

  private static final class Incoming implements HttpResponse.BodySubscriber<String> {
    private final OutputStream out;
    private final Progress progress;
    private final CompletableFuture<String> done = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    Incoming(OutputStream out, Progress progress) {
      this.out = out;
      this.progress = progress;
    }

    @Override
    public CompletionStage<String> getBody() {
      return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      Flow.Subscription from = subscription;
      if (from == null || done.isDone()) {
        return;
      }
      try {
        for (ByteBuffer buffer : buffers) {
          byte[] bytes = new byte[buffer.remaining()];
          buffer.get(bytes);
          out.write(bytes);
          progress.moved(bytes.length);
        }
        from.request(1);
      } catch (IOException e) {
        from.cancel();
        done.completeExceptionally(new LocalFailure(e));
      }
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      done.complete("");
    }
  }
}
