using Tributary.Server.Mail;

namespace Tributary.Server.Tests.Mail;

public sealed class SmtpSettingsTests
{
    [Fact]
    public void An_address_names_server_user_and_way_and_the_password_comes_from_elsewhere()
    {
        var settings = SmtpSettings.Read("smtps://pay%40shop@mail.example", "Shop <pay@shop.example>", "secret").Value;
        Assert.Equal(("mail.example", 465, true, "pay@shop", false), (settings.Host, settings.Port, settings.IsTls, settings.User, settings.IsLoopback));
        Assert.DoesNotContain("secret", settings.ToString(), StringComparison.Ordinal);
        Assert.Equal(587, SmtpSettings.Read("smtp://mail.example", "pay@shop.example", null).Value.Port);
        Assert.True(SmtpSettings.Read("smtp://127.0.0.1:2525", "pay@shop.example", null).Value.IsLoopback);
    }

    [Theory]
    [InlineData("http://mail.example", "pay@shop.example", null, "--smtp")]
    [InlineData("mail.example:25", "pay@shop.example", null, "--smtp")]
    [InlineData("smtp://user:secret@mail.example", "pay@shop.example", "secret", "--smtp")]
    [InlineData("smtp://user@mail.example", "pay@shop.example", null, "--smtp")]
    [InlineData("smtp://mail.example/path", "pay@shop.example", null, "--smtp")]
    [InlineData("smtp://mail.example", null, null, "--mail-from")]
    [InlineData("smtp://mail.example", "nobody", null, "--mail-from")]
    public void What_does_not_fit_is_refused_by_its_option(string address, string? from, string? password, string option)
    {
        Assert.False(SmtpSettings.Read(address, from, password).TryGet(out _, out var refusal));
        Assert.Equal(option, refusal!.Field);
        Assert.DoesNotContain("secret", refusal.Reason, StringComparison.Ordinal);
    }
}
