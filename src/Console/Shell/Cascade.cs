using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Groundwork.Console.Shell;

/// <summary>Gives a page, and all that is in it, its viewer.</summary>
internal sealed class Cascade : ComponentBase
{
    [Parameter]
    public Viewer Viewer { get; set; } = null!;

    [Parameter]
    public Type Component { get; set; } = null!;

    [Parameter]
    public Dictionary<string, object> Parameters { get; set; } = [];

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<CascadingValue<Viewer>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), Viewer);
        builder.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
        builder.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), (RenderFragment)Page);
        builder.CloseComponent();
    }

    private void Page(RenderTreeBuilder builder)
    {
        builder.OpenComponent<DynamicComponent>(0);
        builder.AddComponentParameter(1, nameof(DynamicComponent.Type), Component);
        builder.AddComponentParameter(2, nameof(DynamicComponent.Parameters), Parameters);
        builder.CloseComponent();
    }
}
