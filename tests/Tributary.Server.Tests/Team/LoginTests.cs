using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Team;

namespace Tributary.Server.Tests.Team;

/// <summary>Coming in, staying in, and being put out.</summary>
public sealed partial class LoginTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task The_setup_link_makes_one_owner_and_a_restart_gives_no_other()
    {
        await using var fresh = new RunningServer();
        await fresh.InitializeAsync();
        var path = fresh.SetupPath!;
        using var browser = new Browser(fresh.Address);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(path, path, ("email", "ann@shop.example"), ("password", "short"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(path, path, ("email", "nobody"), ("password", RunningServer.Password))).Status);
        Assert.Equal("/dashboard", (await browser.PostAsync(path, path, ("email", "ann@shop.example"), ("password", RunningServer.Password))).Location);
        Assert.Contains("Overview", (await browser.GetAsync("/dashboard")).Text, StringComparison.Ordinal);

        using var second = new Browser(fresh.Address);
        Assert.Equal(HttpStatusCode.NotFound, (await second.GetAsync(path)).Status);
        await fresh.RestartAsync();
        Assert.Null(fresh.SetupPath);
    }

    [Fact]
    public async Task A_session_survives_a_restart_and_keys_lie_sealed()
    {
        await using var fresh = new RunningServer();
        await fresh.InitializeAsync();
        using var browser = await fresh.SignInAsync(MemberRole.Viewer);
        var cookies = browser.Cookies.GetCookieHeader(fresh.Address);
        Assert.All(browser.Cookies.GetAllCookies(), static cookie => Assert.True(cookie.HttpOnly));
        await fresh.RestartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/dashboard", UriKind.Relative));
        request.Headers.Add("Cookie", cookies);
        using var answer = await fresh.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(fresh.DataFiles.First())!, "cookie-keys")))
        {
            var key = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            Assert.Contains("sealed", key, StringComparison.Ordinal);
            Assert.DoesNotContain("masterKey", key, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_read_the_same_and_too_many_lock()
    {
        var email = await JoinAsync(MemberRole.Viewer);
        using var browser = new Browser(server.Address);
        var wrong = await SignInAsync(browser, email, "not this one");
        var unknown = await SignInAsync(browser, "nobody@shop.example", "not this one");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal(Notice(unknown.Text), Notice(wrong.Text));
        for (var i = 0; i < 8; i++)
            await SignInAsync(browser, email, "not this one");
        Assert.Contains("Too many attempts", (await SignInAsync(browser, email, RunningServer.Password)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dashboard/payments?q=1", "/dashboard/payments?q=1")]
    [InlineData("//evil.example", "/dashboard")]
    [InlineData("/\\evil.example", "/dashboard")]
    [InlineData("https://evil.example", "/dashboard")]
    [InlineData("", "/dashboard")]
    public async Task A_member_lands_on_this_server(string next, string expected)
    {
        var email = await JoinAsync(MemberRole.Viewer);
        using var browser = new Browser(server.Address);
        var signed = await browser.PostAsync("/login", "/login", ("email", email), ("password", RunningServer.Password), ("next", next));
        Assert.Equal(expected, signed.Location);
    }

    [Fact]
    public async Task A_second_factor_is_asked_for_and_each_recovery_code_works_once()
    {
        var email = await JoinAsync(MemberRole.Viewer);
        using var browser = new Browser(server.Address);
        await SignInAsync(browser, email, RunningServer.Password);
        var begun = await browser.PostAsync("/dashboard/account", "/dashboard/account/totp/begin");
        var key = Browser.Between(begun.Text, "<p class=\"hash\">", "</p>");
        Assert.True(key.Length >= 32);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/dashboard/account", "/dashboard/account/totp", ("code", "000000"))).Status);
        var step = Step();
        var on = await browser.PostAsync("/dashboard/account", "/dashboard/account/totp", ("code", Totp(key, step)));
        var codes = Code().Matches(on.Text).Select(static match => match.Groups[1].Value).ToList();
        Assert.Equal(10, codes.Count);

        // The code that switched it on is used up, and so is each after its first use; a clock may be one step ahead.
        foreach (var (code, isTaken) in new[] { (Totp(key, step), false), (Totp(key, step + 1), true), (Totp(key, step + 1), false), ("123456", false), (codes[0], true), (codes[0], false), (codes[1], true) })
        {
            using var other = new Browser(server.Address);
            var asked = await SignInAsync(other, email, RunningServer.Password);
            Assert.True(asked.Location?.StartsWith("/login/code", StringComparison.Ordinal) == true, $"{code}: {Notice(asked.Text)}");
            Assert.Equal(HttpStatusCode.Redirect, (await other.GetAsync("/dashboard")).Status);
            var given = await other.PostAsync("/login/code", "/login/code", ("code", code));
            Assert.Equal(isTaken ? HttpStatusCode.Redirect : HttpStatusCode.BadRequest, given.Status);
            Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.Redirect, (await other.GetAsync("/dashboard")).Status);
        }
    }

    [Fact]
    public async Task A_session_that_is_revoked_is_over_at_once()
    {
        var email = await JoinAsync(MemberRole.Viewer);
        using var here = new Browser(server.Address);
        using var there = new Browser(server.Address);
        await SignInAsync(here, email, RunningServer.Password);
        await SignInAsync(there, email, RunningServer.Password);
        var sessions = SessionId().Matches((await here.GetAsync("/dashboard/account")).Text).Select(static match => match.Groups[1].Value).ToList();

        // The one of the invitation, and the other browser's; our own has no button.
        Assert.Equal(2, sessions.Count);
        foreach (var session in sessions)
            await here.PostAsync("/dashboard/account", "/dashboard/account/sessions/revoke", ("id", session));
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/dashboard")).Status);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/dashboard")).Status);
        await here.PostAsync("/dashboard", "/logout");
        Assert.Equal(HttpStatusCode.Redirect, (await here.GetAsync("/dashboard")).Status);
    }

    [Fact]
    public async Task A_changed_password_ends_every_other_session()
    {
        var email = await JoinAsync(MemberRole.Viewer);
        using var here = new Browser(server.Address);
        using var there = new Browser(server.Address);
        await SignInAsync(here, email, RunningServer.Password);
        await SignInAsync(there, email, RunningServer.Password);
        Assert.Equal(HttpStatusCode.BadRequest, (await here.PostAsync("/dashboard/account", "/dashboard/account/password", ("current", "wrong"), ("fresh", "another long password"))).Status);
        Assert.Equal("/dashboard/account", (await here.PostAsync("/dashboard/account", "/dashboard/account/password", ("current", RunningServer.Password), ("fresh", "another long password"))).Location);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/dashboard")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/dashboard")).Status);
    }

    [Fact]
    public async Task An_owner_makes_a_link_for_a_lost_password_which_works_once_and_ends_every_session()
    {
        using var owner = await server.SignInAsync(MemberRole.Owner);
        var email = await JoinAsync(MemberRole.Support);
        using var there = new Browser(server.Address);
        await SignInAsync(there, email, RunningServer.Password);
        var row = (await owner.GetAsync("/dashboard/team")).Text.Split("<tr>").Single(part => part.Contains(email + "</td>", StringComparison.Ordinal));
        var made = await owner.PostAsync("/dashboard/team", $"/dashboard/team/{MemberId().Match(row).Groups[1].Value}/reset");
        var path = new Uri(Browser.Between(made.Text, "<p class=\"hash\">", "</p>")).AbsolutePath;
        using var lost = new Browser(server.Address);
        Assert.Equal(HttpStatusCode.BadRequest, (await lost.PostAsync(path, path, ("password", "short"))).Status);
        Assert.Equal("/login", (await lost.PostAsync(path, path, ("password", "a brand new password"))).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await lost.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/dashboard")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SignInAsync(lost, email, RunningServer.Password)).Status);
        Assert.Equal("/dashboard", (await SignInAsync(lost, email, "a brand new password")).Location);
    }

    [Fact]
    public async Task Without_a_mail_server_nobody_is_promised_a_mail()
    {
        using var browser = new Browser(server.Address);
        var page = await browser.GetAsync("/login/forgot");
        Assert.Contains("sends no mail", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_is_changed_or_a_member_who_is_removed_is_out_at_once()
    {
        using var owner = await server.SignInAsync(MemberRole.Owner);
        using var member = await server.SignInAsync(MemberRole.Manager);
        var id = MemberId().Match((await owner.GetAsync("/dashboard/team")).Text);
        var email = Browser.Between((await member.GetAsync("/dashboard/account")).Text, "href=\"/dashboard/account\" aria-current=\"page\">", "<");
        var row = (await owner.GetAsync("/dashboard/team")).Text.Split("<tr>").Single(part => part.Contains(email + "</td>", StringComparison.Ordinal));
        id = MemberId().Match(row);
        Assert.Equal("/dashboard/team", (await owner.PostAsync("/dashboard/team", $"/dashboard/team/{id.Groups[1].Value}/role", ("role", "Viewer"))).Location);
        Assert.Equal(HttpStatusCode.Redirect, (await member.GetAsync("/dashboard")).Status);
        await SignInAsync(member, email, RunningServer.Password);
        Assert.Equal(HttpStatusCode.Forbidden, (await member.GetAsync("/dashboard/webhooks")).Status);
        Assert.Equal("/dashboard/team", (await owner.PostAsync("/dashboard/team", $"/dashboard/team/{id.Groups[1].Value}/remove")).Location);
        Assert.Equal(HttpStatusCode.Redirect, (await member.GetAsync("/dashboard")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SignInAsync(member, email, RunningServer.Password)).Status);
    }

    [Fact]
    public async Task Nobody_changes_or_removes_themselves()
    {
        using var owner = await server.SignInAsync(MemberRole.Owner);
        var rows = server.Services.GetRequiredService<MemberRows>();
        var email = Browser.Between((await owner.GetAsync("/dashboard/account")).Text, "href=\"/dashboard/account\" aria-current=\"page\">", "<");
        var database = server.Services.GetRequiredService<Storage.Relational.IDatabase>();
        var self = await database.ReadAsync((transaction, token) => rows.FindByEmailAsync(transaction, email.ToUpperInvariant(), token), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.PostAsync("/dashboard/team", $"/dashboard/team/{self!.Id}/role", ("role", "Viewer"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.PostAsync("/dashboard/team", $"/dashboard/team/{self.Id}/remove")).Status);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync("/dashboard/team")).Status);
    }

    [Fact]
    public async Task A_passkey_is_asked_for_with_a_fresh_challenge_and_a_made_up_one_opens_nothing()
    {
        using var browser = new Browser(server.Address);
        var first = await browser.PostAsync("/login", "/login/passkey/options");
        var second = await browser.PostAsync("/login", "/login/passkey/options");
        Assert.Contains("\"challenge\"", first.Text, StringComparison.Ordinal);
        Assert.NotEqual(first.Text, second.Text, StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/login", "/login/passkey", ("credential", "{}"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/login", "/login/passkey", ("credential", ""))).Status);
    }

    private async Task<string> JoinAsync(MemberRole role)
    {
        var email = $"{Guid.CreateVersion7():N}@team.example";
        var path = await server.InviteAsync(role, email);
        using var browser = new Browser(server.Address);
        Assert.Equal("/dashboard", (await browser.PostAsync(path, path, ("email", email), ("password", RunningServer.Password))).Location);
        return email;
    }

    private static Task<(HttpStatusCode Status, string Text, string? Location)> SignInAsync(Browser browser, string email, string password) =>
        browser.PostAsync("/login", "/login", ("email", email), ("password", password));

    private static string Notice(string html) => Browser.Between(html, "role=\"alert\">", "<");

    // RFC 6238 with the defaults of authenticator apps.
    private static long Step() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30;

    private static string Totp(string base32, long step)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(base32.Select(static c => Convert.ToString(alphabet.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var counter = BitConverter.GetBytes(step);
        Array.Reverse(counter);
#pragma warning disable CA5350 // The algorithm that RFC 6238 names and apps speak.
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var at = hash[^1] & 0xf;
        var number = ((hash[at] & 0x7f) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("<li class=\"hash\">([A-Z0-9-]+)</li>")]
    private static partial Regex Code();

    [GeneratedRegex("name=\"id\" value=\"(sess_[A-Za-z0-9]+)\"")]
    private static partial Regex SessionId();

    [GeneratedRegex("/dashboard/team/(mem_[A-Za-z0-9]+)/role")]
    private static partial Regex MemberId();
}
