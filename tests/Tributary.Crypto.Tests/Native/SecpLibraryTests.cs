using Tributary.Crypto.Native;

namespace Tributary.Crypto.Tests.Native;

public sealed class SecpLibraryTests
{
    [Fact]
    public void The_systems_library_is_found_under_one_of_its_sonames() =>
        Assert.Matches(@"^libsecp256k1\.so\.[1-7]$", SecpLibrary.Probe().Value);

    [Fact]
    public void A_missing_library_and_one_without_modules_say_in_one_line_what_to_install()
    {
        var (_, _, absent) = Secp256k1.Load(["libsecp256k1.so.none"]);
        Assert.Contains("apt-get install libsecp256k1-1", absent, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", absent, StringComparison.Ordinal);

        var (_, _, other) = Secp256k1.Load(["libsecp256k1.so.none", "libc.so.6"]);
        Assert.StartsWith("libc.so.6 is built without secp256k1_ecdh", other, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", other, StringComparison.Ordinal);
    }
}
