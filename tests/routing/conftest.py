"""Routing tests share one folder of compiled kernels, and a straightforward engine."""

from __future__ import annotations

from web.kernel_cache import prepare_kernel_cache

prepare_kernel_cache()
