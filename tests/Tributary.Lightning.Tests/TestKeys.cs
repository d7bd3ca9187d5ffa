using Tributary.Crypto;

namespace Tributary.Lightning.Tests;

/// <summary>Keys of vectors.</summary>
internal static class TestKeys
{
    internal static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    internal static SecretKey Secret(string hex) => SecretKey.TryCreate(Bytes(hex), out var key) ? key : throw new ArgumentException("No such key.", nameof(hex));

    internal static SecretKey Secret(byte repeated) => Secret(new string([.. Enumerable.Repeat($"{repeated:x2}", 32).SelectMany(s => s)]));

    internal static PublicKey Public(string hex) => PublicKey.TryParse(Bytes(hex), out var key) ? key : throw new ArgumentException("No such key.", nameof(hex));
}
