package io.hdl.data.series;

import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A store in a file that is being written. Its pages lie in the operating system's cache, which
 * writes them out where memory is short: the store may be larger than memory. What is mapped was
 * written before, so that a full disk is an error here.
 */
final class FileMemory implements StoreMemory {
  private final FileChannel channel;
  private final Path path;
  private final PageSource scratch;
  private final List<MappedByteBuffer> mapped = new ArrayList<>();
  private int[] segments = new int[0];
  private long indexAt;
  private ByteBuffer index = ByteBuffer.allocate(0);

  /**
   * Begins in an empty file.
   *
   * @param path name that the file will have, for messages
   * @param scratch working memory
   */
  FileMemory(FileChannel channel, Path path, PageSource scratch) {
    this.channel = channel;
    this.path = path;
    this.scratch = scratch;
  }

  @Override
  public Segments segments(int[] sizes) {
    segments = sizes.clone();
    ByteBuffer[] buffers = new ByteBuffer[sizes.length];
    long at = StoreFile.DATA_AT;
    for (int i = 0; i < sizes.length; i++) {
      buffers[i] = map(at, sizes[i], Segments.MISSING);
      at += sizes[i];
    }
    indexAt = StoreFile.pageAfter(at);
    return new Segments(buffers);
  }

  @Override
  public ByteBuffer index(int bytes) {
    index = map(indexAt, bytes, 0);
    return index;
  }

  private ByteBuffer map(long at, int bytes, int word) {
    try {
      FilledFile.extend(channel, at, bytes, word);
      MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_WRITE, at, bytes);
      mapped.add(buffer);
      return buffer.order(ByteOrder.nativeOrder());
    } catch (IOException e) {
      throw FileFailure.of("write", path, e);
    }
  }

  @Override
  public boolean checksums() {
    return true;
  }

  @Override
  public PageSource scratch() {
    return scratch;
  }

  /** Bytes of each segment. */
  int[] segments() {
    return segments.clone();
  }

  /** Ends the file. */
  void complete(StoreDescription description) throws IOException {
    for (MappedByteBuffer buffer : mapped) {
      buffer.force();
    }
    StoreFile.complete(channel, index, indexAt, description);
  }
}
