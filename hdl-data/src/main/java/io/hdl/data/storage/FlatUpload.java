package io.hdl.data.storage;

import com.azure.core.http.HttpPipeline;
import com.azure.core.util.BinaryData;
import com.azure.storage.blob.specialized.BlockBlobClient;
import com.azure.storage.blob.specialized.SpecializedBlobClientBuilder;
import io.hdl.core.retry.RetryPolicy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * To an account without a hierarchical namespace, where a rename is a copy: a blob's blocks are
 * sent first, and the blob appears when their list is committed.
 */
final class FlatUpload extends Upload {
  private final LakeEndpoint endpoint;
  private final HttpPipeline pipeline;

  FlatUpload(LakeEndpoint endpoint, HttpPipeline pipeline, String identity, RetryPolicy retry) {
    super(endpoint, identity, retry);
    this.endpoint = endpoint;
    this.pipeline = pipeline;
  }

  @Override
  void send(FileChannel file, long size, LakeAddress target) throws IOException {
    BlockBlobClient blob =
        new SpecializedBlobClientBuilder()
            .endpoint(endpoint.blobs().toString())
            .containerName(target.container())
            .blobName(target.path())
            .pipeline(pipeline)
            .buildBlockBlobClient();
    if (size <= CHUNK) {
      BinaryData bytes = BinaryData.fromBytes(size == 0 ? new byte[0] : chunk(file, 0, size));
      repeat(target, () -> blob.upload(bytes, true));
      return;
    }
    // Names of their own: another upload to this address must not take these blocks.
    String upload = UUID.randomUUID().toString();
    List<String> blocks = new ArrayList<>();
    for (long at = 0; at < size; at += CHUNK) {
      BinaryData bytes = BinaryData.fromBytes(chunk(file, at, size));
      String block = base64(String.format("%s-%08d", upload, blocks.size()));
      blocks.add(block);
      repeat(target, () -> blob.stageBlock(block, bytes));
    }
    repeat(target, () -> blob.commitBlockList(blocks, true));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
