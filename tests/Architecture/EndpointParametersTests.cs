using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Groundwork.Architecture.Tests;

public sealed class EndpointParametersTests
{
    // The compiler's code for endpoints looks at properties: of a name that stands on a constructor's parameter it knows nothing, and reads another.
    [Fact]
    public void A_record_of_parameters_names_them_where_they_are_looked_for()
    {
        var unseen =
            from type in Assemblies.Own.SelectMany(a => a.GetTypes())
            from constructor in type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            from parameter in constructor.GetParameters()
            where parameter.GetCustomAttributes().Any(a => a is IFromQueryMetadata or IFromRouteMetadata or IFromHeaderMetadata)
            select $"{type.FullName} needs [property: …] for {parameter.Name}";

        Assert.Empty(unseen);
    }
}
