package io.hdl.benchmarks.lake;

import com.azure.core.util.Context;
import com.azure.storage.common.ParallelTransferOptions;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.file.datalake.DataLakeFileClient;
import com.azure.storage.file.datalake.DataLakeServiceClientBuilder;
import java.nio.file.Path;
import java.time.Duration;

/** The DataLake SDK's own download into a file, over the JDK's HTTP client. */
final class SdkTransfer implements Transfer {
  private final DataLakeFileClient client;

  SdkTransfer(LakeFile file) {
    client =
        new DataLakeServiceClientBuilder()
            .endpoint(file.endpoint() + "/" + file.account())
            .credential(new StorageSharedKeyCredential(file.account(), file.key()))
            .buildClient()
            .getFileSystemClient(file.container())
            .getFileClient(file.name());
  }

  @Override
  public void fetch(Path target) {
    client.readToFileWithResponse(
        target.toString(),
        null,
        new ParallelTransferOptions().setBlockSizeLong((long) RANGE).setMaxConcurrency(PARALLEL),
        null,
        null,
        false,
        null,
        Duration.ofMinutes(5),
        Context.NONE);
  }
}
