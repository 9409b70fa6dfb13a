package io.hdl.data.parquet;

import io.hdl.data.column.ColumnType;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of texts. What it reads are numbers: first those of the chunk's dictionary, then those
 * of texts that pages hold as they are, which are numbered anew in each batch. {@link #codes} makes
 * them the codes of a batch. A text of the dictionary becomes a string once, when it first occurs.
 */
final class TextColumn extends PagedColumn<int[]> {
  private final ColumnType type;
  private final TextNumbers others = new TextNumbers();
  private final ByteStrings block = new ByteStrings();
  private byte[] bytes = new byte[0];
  private int[] offsets = new int[1];
  private int count;
  private @Nullable String[] strings = new String[0];
  private int[] batchCodes = new int[0];

  TextColumn(Chunk chunk, FileChannel channel, ColumnType type) {
    super(chunk, channel, Lanes.CODES);
    this.type = type;
  }

  @Override
  void dictionary(Values plain, int size) {
    int[] starts = new int[size + 1];
    byte[] all = new byte[1 << 12];
    int used = 0;
    for (int done = 0; done < size; ) {
      int some = plain.bytes(block, Math.min(Values.BLOCK, size - done));
      for (int i = 0; i < some; i++) {
        int length = block.lengths[i];
        if (all.length - used < length) {
          all = Arrays.copyOf(all, Math.max(used + length, 2 * all.length));
        }
        System.arraycopy(block.bytes, block.offsets[i], all, used, length);
        used += length;
        starts[done + i + 1] = used;
      }
      done += some;
    }
    bytes = all;
    offsets = starts;
    count = size;
    strings = new String[size];
  }

  @Override
  void plain(Values from, int[] into, int at, int wanted) {
    int done = 0;
    while (done < wanted) {
      int some = from.bytes(block, wanted - done);
      for (int i = 0; i < some; i++) {
        into[at + done + i] =
            count + others.number(block.bytes, block.offsets[i], block.lengths[i]);
      }
      done += some;
    }
  }

  @Override
  void indexed(int[] indices, int[] into, int at, int wanted) {
    for (int i = 0; i < wanted; i++) {
      int index = indices[i];
      if (index < 0 || index >= count) {
        throw new ArrayIndexOutOfBoundsException(index);
      }
      into[at + i] = index;
    }
  }

  @Override
  void repeated(int index, int[] into, int at, int wanted) {
    if (index < 0 || index >= count) {
      throw new ArrayIndexOutOfBoundsException(index);
    }
    Arrays.fill(into, at, at + wanted, index);
  }

  /**
   * Replaces numbers by codes, given in the order in which texts occur, and forgets the texts that
   * are not of the dictionary: to be called at the end of a batch.
   *
   * @return the texts of the codes
   */
  List<String> codes(int[] numbers, int rows) {
    int known = count + others.size();
    if (batchCodes.length < known) {
      batchCodes = new int[Math.max(known, Math.min(1 << 16, 2 * batchCodes.length))];
    }
    // A code is kept with one added, so that 0 says that there is none yet.
    List<String> texts = new ArrayList<>();
    int[] used = new int[Math.min(rows, known)];
    for (int row = 0; row < rows; row++) {
      int number = numbers[row];
      if (number >= 0) {
        int code = batchCodes[number];
        if (code == 0) {
          used[texts.size()] = number;
          texts.add(text(number));
          code = texts.size();
          batchCodes[number] = code;
        }
        numbers[row] = code - 1;
      }
    }
    for (int i = 0; i < texts.size(); i++) {
      batchCodes[used[i]] = 0;
    }
    others.clear();
    return texts;
  }

  private String text(int number) {
    if (number >= count) {
      return type.padded(others.text(number - count));
    }
    String made = strings[number];
    if (made == null) {
      int start = offsets[number];
      made =
          type.padded(
              new String(bytes, start, offsets[number + 1] - start, StandardCharsets.UTF_8));
      strings[number] = made;
    }
    return made;
  }
}
