package io.hdl.data.cache;

/**
 * Files that are fetched in the background, in the order of a list, before they are asked for.
 * Thread-safe. Whoever reads the files closes it at the end.
 */
public final class FetchAhead implements AutoCloseable {
  private final Runnable end;

  FetchAhead(Runnable end) {
    this.end = end;
  }

  /** Fetches no more, and gives up what was fetched and not asked for. Idempotent. */
  @Override
  public void close() {
    end.run();
  }
}
