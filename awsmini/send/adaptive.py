"""Adaptive retries: sending slows down when the service throttles, and speeds up again along a cubic curve.

A token bucket holds requests back once throttling was met; its rate follows what was measured
(`botocore/retries/{adaptive,bucket,throttling}.py`). Nothing sleeps here: `wait` says how long.
"""

import math
from threading import Lock

BETA = 0.7  # what is kept of the rate at a throttling error
SCALE = 0.4  # how steeply the rate grows again
SMOOTHING = 0.8  # weight of the newest measurement
SPAN = 0.5  # seconds over which the rate is measured
MIN_RATE = 0.5  # requests a second
MAX_SCALE = 2.0  # the bucket's rate is at most this many times the measured one


class RateLimiter:
    """The limiter of one client. Threads may share it; times are in seconds."""

    def __init__(self, time: float) -> None:
        self._lock = Lock()
        self._curve = CubicCurve(time)
        self._measure = RateMeasure(time)
        self._bucket = TokenBucket(time)
        self._enabled = False

    def wait(self, time: float) -> float:
        """Takes a token; seconds until it is there, none while no throttling was met."""
        with self._lock:
            return self._bucket.take(time) if self._enabled else 0.0

    def record(self, time: float, throttled: bool) -> None:
        """Learns from an answer (or its absence)."""
        with self._lock:
            measured = self._measure.record(time)
            if throttled:
                rate = self._curve.throttled(min(measured, self._bucket.rate) if self._enabled else measured, time)
                self._enabled = True
            else:
                rate = self._curve.succeeded(time)
            self._bucket.set_rate(min(rate, MAX_SCALE * measured), time)


class CubicCurve:
    """The rate as a cubic function of the time since the last throttling, flat where the throttling began."""

    def __init__(self, time: float) -> None:
        self.w_max = 0.0
        self.last_fail = time

    def succeeded(self, time: float) -> float:
        zero_point = (self.w_max * (1 - BETA) / SCALE) ** (1 / 3)
        return float(SCALE * (time - self.last_fail - zero_point) ** 3 + self.w_max)

    def throttled(self, rate: float, time: float) -> float:
        self.w_max = rate
        self.last_fail = time
        return rate * BETA


class RateMeasure:
    """How many requests a second are answered, smoothed."""

    def __init__(self, time: float) -> None:
        self.rate = 0.0
        self._count = 0
        self._last = float(math.floor(time))

    def record(self, time: float) -> float:
        span = math.floor(time / SPAN) * SPAN
        self._count += 1
        if span > self._last:
            self.rate = self._count / (span - self._last) * SMOOTHING + self.rate * (1 - SMOOTHING)
            self._count = 0
            self._last = span
        return self.rate


class TokenBucket:
    """Tokens that fill up at `rate` a second. Taking one that is not there yet costs a wait."""

    def __init__(self, time: float) -> None:
        self.rate = 1.0
        self._limit = 1.0
        self._tokens = 0.0
        self._last = time

    def set_rate(self, rate: float, time: float) -> None:
        self._refill(time)
        self.rate = max(rate, MIN_RATE)
        self._limit = max(rate, 1.0)
        self._tokens = min(self._tokens, self._limit)

    def take(self, time: float) -> float:
        self._refill(time)
        wait = max(0.0, (1.0 - self._tokens) / self.rate)
        self._tokens -= 1.0
        return wait

    def _refill(self, time: float) -> None:
        self._tokens = min(self._limit, self._tokens + max(0.0, time - self._last) * self.rate)
        self._last = max(self._last, time)
