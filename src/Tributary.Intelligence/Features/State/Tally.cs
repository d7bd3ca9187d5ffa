using System.Runtime.CompilerServices;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// Two counts in one number: payments in the lower 32 bits, known frauds in the upper ones. Adding and subtracting tallies adds and subtracts both,
/// since neither count of a history is ever negative or reaches 2³².
/// </summary>
internal static class Tally
{
    /// <summary>A payment, its outcome not known.</summary>
    public const long OnePayment = 1;

    /// <summary>What a payment that turns out to be fraud adds.</summary>
    public const long OneFraud = 1L << 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Payments(long tally) => (uint)tally;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Frauds(long tally) => tally >> 32;
}
