package io.hdl.benchmarks.lake;

import io.hdl.data.storage.HttpRanges;
import io.hdl.data.transfer.FetchSettings;
import io.hdl.data.transfer.Fetcher;
import io.hdl.data.transfer.RemoteFile;
import java.nio.file.Path;
import java.util.Map;

/** hdl's own: checksum, journal and all. */
final class HdlTransfer implements Transfer {
  private final RemoteFile file;
  private final HttpRanges ranges;
  private final Fetcher fetcher;

  HdlTransfer(LakeFile file) {
    this.file = RemoteFile.of(file.uri(), file.size());
    ranges =
        HttpRanges.builder((method, target, headers) -> Map.of("Authorization", "Bearer x"))
            .build();
    fetcher = Fetcher.of(ranges, FetchSettings.defaults().ranges(RANGE, PARALLEL));
  }

  @Override
  public void fetch(Path target) {
    fetcher.fetch(file, target, () -> {});
  }

  @Override
  public void close() {
    fetcher.close();
    ranges.close();
  }
}
