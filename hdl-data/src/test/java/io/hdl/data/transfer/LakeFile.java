package io.hdl.data.transfer;

import io.hdl.core.testing.FaultProxy;
import io.hdl.data.storage.HttpRanges;
import io.hdl.data.testing.DfsServer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/** One file of random bytes on a stand-in for the lake, with a fault proxy before it. */
final class LakeFile implements AutoCloseable {
  static final Duration IDLE = Duration.ofMillis(500);

  private static final String CONTAINER = "curated";
  private static final String NAME = "part 0.parquet";

  final DfsServer lake = DfsServer.start();
  final FaultProxy proxy = FaultProxy.before(lake.endpoint());
  final HttpRanges ranges = ranges(IDLE);
  byte[] content;

  LakeFile(int size, long seed) {
    lake.createContainer(CONTAINER);
    content = replace(size, seed);
  }

  /** A reader that waits so long for a byte. */
  static HttpRanges ranges(Duration idle) {
    return HttpRanges.builder((method, target, headers) -> Map.of("Authorization", "Bearer x"))
        .idleTimeout(idle)
        .build();
  }

  /** Puts other bytes under the same name, which gets another ETag. */
  byte[] replace(int size, long seed) {
    content = bytes(size, seed);
    lake.put(CONTAINER, NAME, content);
    return content;
  }

  static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /** The file through the proxy, one connection for each request. */
  RemoteFile throughProxy() {
    return RemoteFile.of(at(proxy.uri()), content.length);
  }

  /** The file without the proxy. */
  RemoteFile straight() {
    return RemoteFile.of(at(lake.endpoint()), content.length);
  }

  private static URI at(URI server) {
    return URI.create(server + "/" + DfsServer.ACCOUNT + "/curated/part%200.parquet");
  }

  @Override
  public void close() {
    ranges.close();
    proxy.close();
    lake.close();
  }
}
