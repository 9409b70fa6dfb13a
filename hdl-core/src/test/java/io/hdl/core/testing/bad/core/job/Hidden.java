package io.hdl.core.testing.bad.core.job;

class Hidden {}
