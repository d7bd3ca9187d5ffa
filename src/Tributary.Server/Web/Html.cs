using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Tributary.Server.Web;

/// <summary>Answers with a page.</summary>
internal static class Html
{
    public static RazorComponentResult<TPage> Page<TPage>(int status, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TPage : IComponent
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
            named.Add(name, value);
        return new RazorComponentResult<TPage>(named) { StatusCode = status };
    }

    public static RazorComponentResult<TPage> Page<TPage>(params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TPage : IComponent => Page<TPage>(StatusCodes.Status200OK, parameters);
}
