using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace Tributary.Server.Team;

/// <summary>
/// Codes of authenticator apps (RFC 6238): SHA-1, 30 seconds, six digits, one step to either side for clocks that differ. A code is taken once: what
/// somebody reads over a shoulder, or a page that plays ours passes on, is worth nothing after its owner has used it.
/// </summary>
internal sealed class TotpProvider(TimeProvider clock) : IUserTwoFactorTokenProvider<Member>
{
    private const int StepSeconds = 30;
    private const int Drift = 1;
    private const int Digits = 1_000_000;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<Member> manager, Member user) => Task.FromResult(user.AuthenticatorKey is { Length: > 0 });

    // The member's app makes the codes.
    public Task<string> GenerateAsync(string purpose, UserManager<Member> manager, Member user) => Task.FromResult("");

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<Member> manager, Member user)
    {
        if (token is not { Length: 6 } || !int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var code) || Key(user.AuthenticatorKey) is not { } key)
            return false;
        var now = clock.GetUtcNow().ToUnixTimeSeconds() / StepSeconds;
        long? taken = null;

        // All of them, in the same time whichever fits.
        for (var step = now - Drift; step <= now + Drift; step++)
        {
            if (CryptographicEquals(CodeOf(key, step), code) && !(step <= user.LastTotpStep))
                taken = step;
        }

        if (taken is null)
            return false;
        user.LastTotpStep = taken;

        // Written before it counts: of two requests with one code the second finds another version.
        return (await manager.UpdateAsync(user)).Succeeded;
    }

    /// <summary>The code of a step (RFC 4226 5.3).</summary>
    internal static int CodeOf(ReadOnlySpan<byte> key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The algorithm that the standard names and apps speak.
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        return (BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & int.MaxValue) % Digits;
    }

    private static bool CryptographicEquals(int left, int right)
    {
        Span<byte> a = stackalloc byte[4];
        Span<byte> b = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(a, left);
        BinaryPrimitives.WriteInt32BigEndian(b, right);
        return CryptographicOperations.FixedTimeEquals(a, b);
    }

    // Null for what is no key: then no code fits.
    private static byte[]? Key(string? base32)
    {
        if (base32 is not { Length: > 0 })
            return null;
        var key = new byte[base32.Length * 5 / 8];
        var (bits, count, written) = (0, 0, 0);
        foreach (var c in base32)
        {
            var value = Base32.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            if (value < 0)
                return null;
            (bits, count) = (((bits << 5) | value) & 0xfff, count + 5);
            if (count >= 8)
            {
                count -= 8;
                key[written++] = (byte)(bits >> count);
            }
        }

        return key;
    }
}
