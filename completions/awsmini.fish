# Completion of awsmini in fish (3.1 or newer).
#
#     awsmini completion fish | source            in ~/.config/fish/config.fish, or once and for all:
#     awsmini completion fish --install           where fish looks for it

function __awsmini_complete
    set -l completer awsmini_completer
    set -l command (commandline -opc)[1]
    # Called by a path: its own completer lies beside it.
    string match -q '*/*' -- $command; and set completer (string replace -r '^~' $HOME -- $command)_completer
    type -q $completer; or return  # fish would tell of it in the middle of the line
    set -lx COMP_LINE (commandline -cp | string collect)
    set -lx COMP_POINT (string length -- $COMP_LINE)
    $completer fish 2>/dev/null
end

complete --command awsmini --no-files --keep-order --arguments '(__awsmini_complete)'
