using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Stripe;

namespace Tributary.Server.Tests.Stripe;

/// <summary>The OpenAPI document, held to the routes that it is made from.</summary>
public sealed class DocumentTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task The_document_names_every_route_and_what_it_reads()
    {
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/v1/openapi.json", UriKind.Relative), TestContext.Current.CancellationToken));
        var root = document.RootElement;
        Assert.Equal("3.1.0", root.GetProperty("openapi").GetString());
        var paths = root.GetProperty("paths");
        foreach (var endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<StripeRule>() is null)
                continue;
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                Assert.True(paths.GetProperty(endpoint.RoutePattern.RawText!).TryGetProperty(method.ToLowerInvariant(), out _), endpoint.RoutePattern.RawText);
        }

        var refund = paths.GetProperty("/v1/refunds").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal("integer", refund.GetProperty("properties").GetProperty("amount").GetProperty("type").GetString());
        Assert.Equal(3, refund.GetProperty("properties").GetProperty("reason").GetProperty("enum").GetArrayLength());
        Assert.Equal("string", refund.GetProperty("properties").GetProperty("tributary").GetProperty("properties").GetProperty("destination").GetProperty("type").GetString());
        Assert.Equal("payment_intent", refund.GetProperty("required")[0].GetString());
        Assert.Contains("limit", paths.GetProperty("/v1/payouts").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(static parameter => parameter.GetProperty("name").GetString()), StringComparer.Ordinal);

        // Whoever reads the document does nothing.
        Assert.Empty((await new StripeClient(server.Client, server.SecretKey).GetAsync("/v1/customers")).Ids);
        var names = root.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(static schema => schema.Name).ToHashSet(StringComparer.Ordinal);
        foreach (System.Text.RegularExpressions.Match found in System.Text.RegularExpressions.Regex.Matches(root.GetRawText(), "#/components/schemas/([a-z_]+)"))
            Assert.Contains(found.Groups[1].Value, names);
    }
}
