package io.hdl.data.parquet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.EnumMap;
import java.util.Map;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one column chunk into arrays, whatever pages they lie in. Belongs to one
 * thread, which closes it.
 *
 * @param <A> the type of the arrays
 */
abstract class PagedColumn<A> implements AutoCloseable {
  private final Lanes<A> lanes;
  private final ChunkPages pages;
  private final Map<Encoding, Values> decoders = new EnumMap<>(Encoding.class);
  private final byte[] marks = new byte[Values.BLOCK];
  private final int[] indices = new int[Values.BLOCK];
  private final Hybrid hybrid = new Hybrid("dictionary indices");
  private @Nullable A dense;
  private @Nullable Values values;
  private boolean started;

  PagedColumn(Chunk chunk, FileChannel channel, Lanes<A> lanes) {
    this.lanes = lanes;
    this.pages =
        new ChunkPages(
            chunk,
            channel,
            (page, from, to, count) -> {
              Values plain = ValueDecoders.of(Encoding.PLAIN, chunk.type());
              plain.start(page, from, to, count);
              dictionary(plain, count);
            });
  }

  final Lanes<A> lanes() {
    return lanes;
  }

  final ChunkPages pages() {
    return pages;
  }

  /** Takes the values of the chunk's dictionary over. */
  abstract void dictionary(Values plain, int count);

  /** Takes values that are stored as they are. */
  abstract void plain(Values from, A into, int at, int count);

  /** Takes values that stand in the dictionary. */
  abstract void indexed(int[] indices, A into, int at, int count);

  /** Takes one value of the dictionary several times. */
  abstract void repeated(int index, A into, int at, int count);

  /** Goes to a row, with the help of an index if it is not the first one. */
  final void seek(long row, PageIndex index) throws IOException {
    started = false;
    int before = pages.seek(row, index);
    A scratch = dense();
    while (before > 0) {
      int some = Math.min(before, Values.BLOCK);
      read(scratch, 0, some, null);
      before -= some;
    }
  }

  /** Sees to it that the page at hand has rows left; gives how many. */
  final int rowsInPage() throws IOException {
    if (pages.rowsLeft() == 0) {
      pages.next();
      started = false;
    }
    return pages.rowsLeft();
  }

  /** The page's decoder, if it does not use the dictionary. */
  final @Nullable Values pageValues() {
    if (!started) {
      start();
    }
    return values;
  }

  /**
   * Reads the next rows.
   *
   * @param nulls where to mark rows without a value; may be null
   * @return whether there are any
   */
  final boolean read(A into, int at, int rows, boolean @Nullable [] nulls) throws IOException {
    boolean anyNull = false;
    int done = 0;
    while (done < rows) {
      int some = Math.min(Math.min(rows - done, rowsInPage()), Values.BLOCK);
      int found = some;
      if (!pages.allPresent()) {
        found = pages.levels().marks(marks, some);
      }
      if (found == some) {
        take(into, at + done, some);
      } else {
        anyNull = true;
        if (found == 0) {
          lanes.nulls(into, at + done, some);
        } else {
          A values = dense();
          take(values, 0, found);
          lanes.spread(values, marks, into, at + done, some);
        }
        if (nulls != null) {
          for (int i = 0; i < some; i++) {
            nulls[at + done + i] = marks[i] == 0;
          }
        }
      }
      pages.pass(some, found);
      done += some;
    }
    return anyNull;
  }

  private A dense() {
    if (dense == null) {
      // One more than is read: the place after the last value is looked at.
      dense = lanes.make(Values.BLOCK + 1);
    }
    return dense;
  }

  /** Takes the next values of the page at hand, nulls left out. */
  private void take(A into, int at, int count) {
    Values plain = pageValues();
    if (plain != null) {
      plain(plain, into, at, count);
      return;
    }
    int done = 0;
    while (done < count) {
      int same = Math.min(hybrid.constant(), count - done);
      try {
        if (same > 0) {
          repeated(hybrid.value(), into, at + done, same);
          hybrid.passConstant(same);
        } else {
          same = Math.min(hybrid.left(), count - done);
          hybrid.ints(indices, 0, same);
          indexed(indices, into, at + done, same);
        }
      } catch (ArrayIndexOutOfBoundsException e) {
        throw new CorruptPage("a dictionary index is out of range", e);
      }
      done += same;
    }
  }

  private void start() {
    Encoding encoding = pages.encoding();
    if (encoding == Encoding.PLAIN_DICTIONARY || encoding == Encoding.RLE_DICTIONARY) {
      if (pages.to() == pages.from()) {
        throw Values.tooShort();
      }
      int width = pages.data().get(pages.from());
      hybrid.start(pages.data(), pages.from() + 1, pages.to(), width);
      values = null;
    } else {
      Values decoder = encoding == null ? null : decoders.get(encoding);
      if (decoder == null) {
        decoder = ValueDecoders.of(encoding, pages.chunk().type());
        decoders.put(encoding, decoder);
      }
      decoder.start(pages.data(), pages.from(), pages.to(), pages.pageRows());
      values = decoder;
    }
    started = true;
  }

  @Override
  public void close() {
    pages.close();
  }
}
