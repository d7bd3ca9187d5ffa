using Tributary.Payments.Webhooks;

namespace Tributary.Payments.Tests.Webhooks;

public sealed class RetryScheduleTests
{
    [Fact]
    public void Tries_grow_apart_and_end_after_three_days()
    {
        var began = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        var now = began;
        var tries = 0L;
        var last = TimeSpan.Zero;
        while (RetrySchedule.Next(++tries, began, now) is { } next)
        {
            Assert.InRange(next - now, last, TimeSpan.FromHours(6));
            last = next - now;
            now = next;
        }

        Assert.InRange(now - began, RetrySchedule.GiveUpAfter, RetrySchedule.GiveUpAfter + TimeSpan.FromHours(6));
        Assert.InRange(tries, 15, 40);
    }

    [Fact]
    public void The_signature_is_hmac_over_time_and_body()
    {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac whsec_test
        Assert.Equal("t=1700000000,v1=35495024f4ef3f94e5a93e22221544c4b75e9a42300cd965ab81cb85cd994e91", WebhookSignature.Header("whsec_test", "{}", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));
    }
}
