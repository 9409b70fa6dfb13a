package io.hdl.data.storage;

import com.azure.core.http.HttpPipeline;
import com.azure.core.util.BinaryData;
import com.azure.storage.file.datalake.DataLakeFileClient;
import com.azure.storage.file.datalake.DataLakeFileSystemClient;
import com.azure.storage.file.datalake.DataLakeFileSystemClientBuilder;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.storage.TemporaryName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * To an account with a hierarchical namespace: under a temporary name beside the target, flushed,
 * then renamed over it. There a rename is one step.
 */
final class HierarchicalUpload extends Upload {
  private static final Logger LOG = LoggerFactory.getLogger(HierarchicalUpload.class);

  private final DataLakeFileSystemClient container;

  HierarchicalUpload(
      LakeAddress address,
      LakeEndpoint endpoint,
      HttpPipeline pipeline,
      String identity,
      RetryPolicy retry) {
    super(endpoint, identity, retry);
    container =
        new DataLakeFileSystemClientBuilder()
            .endpoint(endpoint.base().toString())
            .fileSystemName(address.container())
            .pipeline(pipeline)
            .buildClient();
  }

  @Override
  void send(FileChannel file, long size, LakeAddress target) throws IOException {
    int slash = target.path().lastIndexOf('/') + 1;
    String temporary =
        target.path().substring(0, slash) + TemporaryName.of(target.path().substring(slash));
    DataLakeFileClient begun = container.getFileClient(temporary);
    boolean published = false;
    try {
      repeat(target, () -> begun.create(true));
      for (long at = 0; at < size; at += CHUNK) {
        BinaryData bytes = BinaryData.fromBytes(chunk(file, at, size));
        long position = at;
        repeat(target, () -> begun.append(bytes, position));
      }
      repeat(target, () -> begun.flush(size, true));
      rename(begun, target);
      published = true;
    } finally {
      if (!published) {
        discard(begun);
      }
    }
  }

  /** Once it was sent, a source that is gone means that it was done and the answer lost. */
  private void rename(DataLakeFileClient begun, LakeAddress target) {
    AtomicBoolean sent = new AtomicBoolean();
    repeat(
        target,
        () -> {
          try {
            boolean again = sent.getAndSet(true);
            if (!again || begun.exists()) {
              begun.rename(container.getFileSystemName(), target.path());
            }
          } catch (RuntimeException e) {
            if (!SdkFailure.code(e).equals("SourcePathNotFound") || !sent.get()) {
              throw e;
            }
          }
        });
  }

  private static void discard(DataLakeFileClient begun) {
    try {
      begun.deleteIfExists();
    } catch (RuntimeException e) {
      LOG.debug("Left behind: {}", begun.getFilePath(), e);
    }
  }
}
