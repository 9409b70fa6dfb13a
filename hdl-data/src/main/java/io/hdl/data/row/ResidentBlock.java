package io.hdl.data.row;

import java.util.function.Supplier;

/** The one block of a part that is kept in memory. */
record ResidentBlock(Supplier<RowBlock> loaded) implements BlockSource {
  @Override
  public RowBlock acquire(int block) {
    return loaded.get();
  }

  @Override
  public void release(int block) {}

  @Override
  public void stop() {}
}
