import 'slack-blocks-to-jsx/dist/style.css';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/home.css';
import './styles/sidebar.css';
import './styles/messages.css';
import './styles/intro.css';
import './styles/blocks.css';
import './styles/library-blocks.css';
import './styles/composer.css';
import './styles/ui.css';
import './styles/phone.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
