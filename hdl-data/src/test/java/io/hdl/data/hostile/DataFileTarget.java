package io.hdl.data.hostile;

import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Damages data files: anywhere, in the bytes of a page, in a page's header, in the footer. */
final class DataFileTarget implements FuzzTarget {
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Base(
      ParquetBase kind, Path file, byte[] bytes, TableSnapshot snapshot, CanonicalRows.Sums rows) {}

  private final List<Base> bases = new ArrayList<>();
  private Base current;

  DataFileTarget(Path folder) throws IOException {
    for (ParquetBase kind : ParquetBase.all()) {
      Path table = folder.resolve(kind.name());
      Path file = kind.write(table);
      TableSnapshot snapshot = TableSnapshot.open(table, TableVersion.latest());
      CanonicalRows.Sums rows = CanonicalRows.read(snapshot, 1);
      if (rows.rows() != ParquetBase.ROWS) {
        throw new IllegalStateException(kind.name() + ": " + rows.rows() + " rows");
      }
      bases.add(new Base(kind, file, Files.readAllBytes(file), snapshot, rows));
    }
    current = bases.get(0);
  }

  @Override
  public FuzzCase damage(Random random) throws IOException {
    current = bases.get(random.nextInt(bases.size()));
    byte[] bytes = current.bytes;
    ParquetParts parts = ParquetParts.of(bytes);
    List<ParquetParts.Page> pages = parts.pages();
    ParquetParts.Page page = pages.get(random.nextInt(pages.size()));
    FuzzCase.Rule strict = FuzzCase.Rule.RIGHT_OR_REFUSED;
    FuzzCase.Rule counted = FuzzCase.Rule.RIGHT_COUNT_OR_REFUSED;
    byte[] damaged;
    FuzzCase done;
    switch (random.nextInt(9)) {
      case 0 -> {
        damaged = ByteMutation.truncated(bytes, random);
        done = new FuzzCase("cut to " + damaged.length + " bytes", strict);
      }
      case 1, 2 -> {
        int from = page.bodyOffset;
        damaged = ByteMutation.inPlace(bytes, from, from + page.body.length, random);
        done = new FuzzCase("bytes of the page at " + from, strict);
      }
      case 3 -> {
        damaged = ByteMutation.inPlace(bytes, 0, bytes.length, random);
        done = new FuzzCase("bytes anywhere", counted);
      }
      case 4 -> {
        damaged = ByteMutation.spliced(bytes, random);
        done = new FuzzCase("spliced", counted);
      }
      case 5 -> {
        page.body = ByteMutation.inPlace(page.body, 0, page.body.length, random);
        page.seal();
        damaged = parts.assemble();
        done = new FuzzCase("sealed page at " + page.bodyOffset, counted);
      }
      case 6 -> {
        String what = ThriftMutation.apply(page.header, random);
        damaged = parts.assemble();
        done = new FuzzCase("header of the page at " + page.bodyOffset + ": " + what, counted);
      }
      case 7 -> {
        damaged = ByteMutation.inPlace(bytes, parts.footerOffset, bytes.length, random);
        done = new FuzzCase("bytes of the footer", counted);
      }
      default -> {
        String what = ThriftMutation.apply(parts.footer, random);
        byte[] before = java.util.Arrays.copyOf(bytes, parts.footerOffset);
        damaged = ParquetParts.withFooter(before, parts.footer);
        // A column's name stands twice: no column may be taken for one that the file lacks.
        boolean name = what.startsWith("SchemaElement.name");
        done = new FuzzCase("footer: " + what, name ? strict : counted);
      }
    }
    Files.write(current.file, damaged);
    return new FuzzCase(current.kind.name() + ", " + done.what(), done.rule());
  }

  @Override
  public CanonicalRows.Sums read() {
    return CanonicalRows.read(current.snapshot, 1);
  }

  @Override
  public CanonicalRows.Sums expected() {
    return current.rows;
  }
}
