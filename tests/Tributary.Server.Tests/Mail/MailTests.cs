using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Mail;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;
using Tributary.Storage.Relational;

namespace Tributary.Server.Tests.Mail;

/// <summary>Receipts, refund links, invitations and resets, over SMTP to a receiver on the loopback address.</summary>
public sealed partial class MailTests : IAsyncLifetime
{
    private readonly MailSink _sink = new();
    private RunningServer _server = new();

    private StripeClient Api => new(_server.Client, _server.SecretKey);

    public ValueTask InitializeAsync()
    {
        _server = new RunningServer { Smtp = _sink.Settings };
        return _server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task A_payment_with_an_address_gets_one_receipt_whose_link_opens_and_one_without_gets_none()
    {
        await Api.PayAsync(900);
        var intent = await Api.PayAsync(1250, more: "&receipt_email=ann@example.org&description=House blend");
        var mail = await _sink.WaitAsync(static text => text.Contains("To: ann@example.org", StringComparison.Ordinal));
        Assert.Contains("From: My store <pay@shop.example>", mail, StringComparison.Ordinal);
        Assert.Contains("Subject: [Test] Your receipt from My store", mail, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", mail, StringComparison.Ordinal);
        var text = Body(mail);
        Assert.Contains("€12.50", text, StringComparison.Ordinal);
        Assert.Contains("House blend", text, StringComparison.Ordinal);
        var link = new Uri(Link().Match(text).Value);
        Assert.Contains(intent, link.PathAndQuery, StringComparison.Ordinal);
        using var shopper = new Browser(_server.Address);
        Assert.Contains("Total paid", (await shopper.GetAsync(link.PathAndQuery)).Text, StringComparison.Ordinal);
        Assert.Equal("mailer:the password", Assert.Single(_sink.SignIns.Distinct(StringComparer.Ordinal)));

        // What comes later proves that nothing else came before.
        await Api.PayAsync(700, more: "&receipt_email=ben@example.org");
        await _sink.WaitAsync(static other => other.Contains("To: ben@example.org", StringComparison.Ordinal));
        Assert.Equal(2, _sink.Taken.Count);
    }

    [Fact]
    public async Task Mail_waits_for_its_server_and_for_ours_and_is_sent_once()
    {
        _sink.RecipientAnswer = "451 not now";
        await Api.PayAsync(1250, more: "&receipt_email=ann@example.org");
        using (var owner = await _server.SignInAsync(MemberRole.Owner))
        {
            await SettingsAsync(owner, "451");
        }

        await _server.RestartAsync();
        _sink.RecipientAnswer = null;
        await _sink.WaitAsync(static text => text.Contains("To: ann@example.org", StringComparison.Ordinal));

        // That it was taken is written down a moment after: a server that ends before would send it again.
        while (!(await LogAsync()).Exists(static line => line is { To: "ann@example.org", DoneAt: not null }))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        await _server.RestartAsync();
        await Api.PayAsync(700, more: "&receipt_email=ben@example.org");
        await _sink.WaitAsync(static text => text.Contains("To: ben@example.org", StringComparison.Ordinal));
        Assert.Single(_sink.Taken, static text => text.Contains("To: ann@example.org", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_mail_server_will_never_take_is_given_up()
    {
        _sink.RecipientAnswer = "550 no such person";
        using var owner = await _server.SignInAsync(MemberRole.Owner);
        Assert.Equal("/dashboard/settings", (await owner.PostAsync("/dashboard/settings", "/dashboard/settings/mail")).Location);
        Assert.Contains("550 no such person", await SettingsAsync(owner, "Given up"), StringComparison.Ordinal);
        Assert.Empty(_sink.Taken);
    }

    [Fact]
    public async Task Invitations_and_resets_arrive_and_nobody_learns_who_is_a_member()
    {
        using var owner = await _server.SignInAsync(MemberRole.Owner);
        await owner.PostAsync("/dashboard/team", "/dashboard/team/invite", ("email", "new@shop.example"), ("role", "Analyst"));
        var invited = Link().Match(Body(await _sink.WaitAsync(static text => text.Contains("To: new@shop.example", StringComparison.Ordinal)))).Value;
        using var member = new Browser(_server.Address);
        var path = new Uri(invited).AbsolutePath;
        Assert.Equal("/dashboard", (await member.PostAsync(path, path, ("password", RunningServer.Password))).Location);

        using var lost = new Browser(_server.Address);
        var known = await lost.PostAsync("/login/forgot", "/login/forgot", ("email", "new@shop.example"));
        var unknown = await lost.PostAsync("/login/forgot", "/login/forgot", ("email", "nobody@shop.example"));
        Assert.Equal(known.Text, unknown.Text);
        var reset = new Uri(Link().Match(Body(await _sink.WaitAsync(static text => text.Contains("Choose a new password", StringComparison.Ordinal)))).Value).AbsolutePath;
        Assert.Equal("/login", (await lost.PostAsync(reset, reset, ("password", "a brand new password"))).Location);
        Assert.Equal(HttpStatusCode.Redirect, (await member.GetAsync("/dashboard")).Status);
        Assert.Equal("/dashboard", (await lost.PostAsync("/login", "/login", ("email", "new@shop.example"), ("password", "a brand new password"))).Location);
        Assert.DoesNotContain(_sink.Taken, static text => text.Contains("nobody@", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refund_that_waits_for_the_shopper_brings_the_link()
    {
        var intent = (await Api.PostAsync("/v1/payment_intents", "amount=30000&currency=btc&confirm=true&payment_method_data[type]=lightning&receipt_email=ann@example.org")).Text("id");
        while ((await Api.PostAsync($"/v1/test_helpers/payment_intents/{intent}/pay")).Status != HttpStatusCode.OK)
            await Task.Delay(250, TestContext.Current.CancellationToken);
        await Api.WaitAsync("/v1/payment_intents/" + intent, "succeeded");
        await Api.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=10000");
        var mail = Body(await _sink.WaitAsync(static text => text.Contains("Your refund from", StringComparison.Ordinal)));
        using var shopper = new Browser(_server.Address);
        Assert.Contains("Say where it should go", (await shopper.GetAsync(new Uri(Link().Match(mail).Value).AbsolutePath)).Text, StringComparison.Ordinal);
    }

    private Task<List<MailLine>> LogAsync() => _server.Services.GetRequiredService<IDatabase>().ReadAsync(
        static (transaction, token) => MailQueue.ListAsync(transaction, PaymentStart.FirstStore, 10, token), TestContext.Current.CancellationToken).AsTask();

    private static async Task<string> SettingsAsync(Browser owner, string wanted)
    {
        for (var tries = 0; ; tries++)
        {
            var page = (await owner.GetAsync("/dashboard/settings")).Text;
            if (page.Contains(wanted, StringComparison.Ordinal))
                return page;
            Assert.True(tries < 600, page);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    // Quoted-printable or base64 or plain, as the client chose.
    private static string Body(string mail)
    {
        var parts = mail.Split("\n\n", 2);
        if (parts[0].Contains("Content-Transfer-Encoding: base64", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8.GetString(Convert.FromBase64String(parts[1].Replace("\n", "", StringComparison.Ordinal)));
        if (!parts[0].Contains("Content-Transfer-Encoding: quoted-printable", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(parts[1]));
        var bytes = new List<byte>();
        var text = parts[1].Replace("=\n", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length)
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"http://[^\s]+")]
    private static partial Regex Link();
}
