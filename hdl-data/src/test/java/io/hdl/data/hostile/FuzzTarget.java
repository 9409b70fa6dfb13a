package io.hdl.data.hostile;

import java.io.IOException;
import java.util.Random;

/** Something that is damaged and read, case after case. */
interface FuzzTarget {
  /** Damages the table of one case. The same numbers make the same damage. */
  FuzzCase damage(Random random) throws IOException;

  /** Reads the damaged table. */
  CanonicalRows.Sums read();

  /** What the last damaged table held before. */
  CanonicalRows.Sums expected();
}
