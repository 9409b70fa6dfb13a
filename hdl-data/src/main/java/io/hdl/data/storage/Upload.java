package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Sends a local file to a container so that it appears there as a whole. Thread-safe. */
abstract class Upload {
  /** How many bytes go in one request, and are sent again when it fails. */
  static final int CHUNK = 8 << 20;

  private final LakeEndpoint endpoint;
  private final String identity;
  private final RetryPolicy retry;

  Upload(LakeEndpoint endpoint, String identity, RetryPolicy retry) {
    this.endpoint = endpoint;
    this.identity = identity;
    this.retry = retry;
  }

  /** Does it; what was there is replaced in one step. */
  final void send(Path source, LakeAddress target) {
    if (!Files.isRegularFile(source)) {
      throw noFile(source, target);
    }
    try (FileChannel file = FileChannel.open(source, StandardOpenOption.READ)) {
      send(file, file.size(), target);
    } catch (IOException e) {
      throw FileFailure.of("read", source, e);
    }
  }

  static HdlException noFile(Path source, LakeAddress target) {
    return new HdlException(
        ErrorCode.NOT_FOUND,
        "Cannot publish "
            + source
            + " as "
            + target
            + ": it is no file. Name an existing file; a folder is published file by file.");
  }

  abstract void send(FileChannel file, long size, LakeAddress target) throws IOException;

  /** The next bytes of a file; fails if it has become shorter. */
  static byte[] chunk(FileChannel file, long from, long size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(CHUNK, size - from));
    while (bytes.hasRemaining()) {
      if (file.read(bytes, from + bytes.position()) < 0) {
        throw new IOException("it became shorter while it was read");
      }
    }
    return bytes.array();
  }

  /** Repeats a request that may be sent twice. */
  final void repeat(LakeAddress target, Runnable request) {
    retry.call(
        "publish " + target,
        attempt -> {
          try {
            request.run();
            return true;
          } catch (RuntimeException e) {
            throw failure(target, e);
          }
        });
  }

  final HdlException failure(LakeAddress target, RuntimeException e) {
    return SdkFailure.of("publish", new StorageFailure(target, endpoint, identity), e);
  }
}
