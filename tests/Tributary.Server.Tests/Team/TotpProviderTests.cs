using System.Text;
using Tributary.Server.Team;

namespace Tributary.Server.Tests.Team;

public sealed class TotpProviderTests
{
    // RFC 6238, appendix B, SHA-1, the last six of the eight digits.
    [Theory]
    [InlineData(59, 287082)]
    [InlineData(1111111109, 81804)]
    [InlineData(1111111111, 50471)]
    [InlineData(1234567890, 5924)]
    [InlineData(2000000000, 279037)]
    [InlineData(20000000000, 353130)]
    public void Codes_are_those_of_the_standard(long seconds, int code) => Assert.Equal(code, TotpProvider.CodeOf(Encoding.ASCII.GetBytes("12345678901234567890"), seconds / 30));
}
