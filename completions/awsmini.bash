# Completion of awsmini in bash (3.2 or newer).
#
#     eval "$(awsmini completion bash)"           in ~/.bashrc, or once and for all:
#     awsmini completion bash --install           where bash-completion looks for it

_awsmini() {
    local completer=awsmini_completer line
    case $1 in
        # Called by a path: its own completer lies beside it.
        */*) completer=${1/#\~\//$HOME/}_completer ;;
    esac
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY[${#COMPREPLY[@]}]=$line
    done < <(COMP_LINE=$COMP_LINE COMP_POINT=$COMP_POINT "$completer" bash "$2" 2>/dev/null)
}

# The completer sets the blank after a word itself: there is none after a folder or a `Key=`.
complete -o nospace -o nosort -F _awsmini awsmini 2>/dev/null || complete -o nospace -F _awsmini awsmini
